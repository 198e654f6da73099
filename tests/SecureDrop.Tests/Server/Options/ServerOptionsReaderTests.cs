using Microsoft.Extensions.Configuration;
using SecureDrop.Server.Options;
using Xunit;

namespace SecureDrop.Tests.Server.Options;

public sealed class ServerOptionsReaderTests
{
    [Theory]
    [InlineData("Drop:DataDirectory", "")]
    [InlineData("Drop:DropKey", "RWnonsense")]
    [InlineData("Drop:FreeSpaceFloorInMebibytes", "0")]
    [InlineData("Tickets:LeastDifficulty", "25")]
    [InlineData("Tickets:LeastDifficulty", "much")]
    [InlineData("Tickets:Dificulty", "1")]
    [InlineData("Tickets:MostDifficulty", "25")]
    [InlineData("Tickets:MostDifficulty", "-1")]
    [InlineData("Tickets:QuietUploadsPerMinute", "59")]
    [InlineData("Tickets:QuietUploadsPerMinute", "1000001")]
    [InlineData("Limits:DayInMebibytes", "0")]
    [InlineData("Limits:UncommittedInMebibytes", "-1")]
    [InlineData("Limits:NearlyFullInMebibytes", "0")]
    [InlineData("Limits:TextsAtOnce", "1")]
    [InlineData("Limits:PartsAtOnce", "5000")]
    [InlineData("Limits:AnswersAtOnce", "0")]
    [InlineData("Limits:Connections", "63")]
    [InlineData("Limits:Conections", "64")]
    [InlineData("Source:Listen", "https://127.0.0.1:1")]
    [InlineData("Source:Listen", "unix:relative")]
    [InlineData("Source:Listen", "unix:")]
    [InlineData("Source:Listen", "unix:/a/path/that/is/longer/than/the/107/bytes/which/an/address/of/this/kind/of/socket/has/room/for/and/so/no/one")]
    [InlineData("Source:Listen", "ftp://x")]
    [InlineData("Source:Hosts:0", "a b")]
    [InlineData("Source:ClearnetOrigin", "http://drop.example.org")]
    [InlineData("Source:ClearnetOrigin", "https://drop.example.org/")]
    [InlineData("Source:ClearnetOrigin", "https://DROP.example.org")]
    [InlineData("Source:ClearnetOrigin", "https://elsewhere.example.org")]
    [InlineData("Source:ClearnetOrigin", "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.onion")]
    [InlineData("Source:OnionOrigin", "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.onion")]
    [InlineData("Source:OnionOrigin", "http://aaaaaaaaaaaaaaaa.onion")]
    [InlineData("Source:OnionOrigin", "https://drop.example.org")]
    [InlineData("Reviewer:Listen", "http://example.org:80")]
    [InlineData("Reviewer:Listen", "http://127.0.0.1:8080")]
    [InlineData("Reviewer:Origin", "http://127.0.0.1:8081/")]
    [InlineData("DeadDrop:PublishAtOnce", "maybe")]
    [InlineData("Retention:ReportDays", "7")]
    [InlineData("Retention:DeadDropDays", "32")]
    [InlineData("Nonsense", "1")]
    [InlineData("Drop", "x")]
    [InlineData("Drop", "")]
    [InlineData("Drop:DataDirectory:0", "/data")]
    [InlineData("Drop:DataDirectory", "/a\0b")]
    [InlineData("Drop:FreeSpaceFloorInMebibytes", "99999999999")]
    [InlineData("Drop:FreeSpaceFloorInMebibytes", "")]
    [InlineData("Tickets:LeastDifficulty", "-1")]
    [InlineData("Tickets:LeastDifficulty", "1.5")]
    [InlineData("Source:Listen", "")]
    [InlineData("Source:Listen", "http://127.0.0.1:99999")]
    [InlineData("Source:Listen", "http://127.0.0.1:80/path")]
    [InlineData("Source:Hosts", "drop.example")]
    [InlineData("Source:Hosts:first", "drop.example")]
    [InlineData("Source:Hosts:0", "http://drop.example")]
    [InlineData("Source:Hosts:0", "")]
    [InlineData("Reviewer:Origin", "drop.example")]
    [InlineData("Reviewer:Origin", "HTTP://DROP.example")]
    [InlineData("Retention:ReportDays", "99999")]
    [InlineData("Retention:DeadDropDays", "0")]
    [InlineData("DeadDrop:PublishAtOnce", "1")]
    public void Read_SettingThatCannotWork_NamesItsKey(string key, string value)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(("Drop:DataDirectory", "/data"), (key, value)));
        // One sentence, and the key in it: whoever reads it is told where to look and nothing else.
        var problem = Assert.Single(refusal.Problems);
        Assert.Contains("SecureDrop:" + (problem.Contains("is a list") ? key.Split(":first")[0] : problem.Contains("one setting") ? key[..^2] : key), problem);
        Assert.EndsWith(".", problem);
        Assert.DoesNotContain('\n', problem);
    }

    [Theory]
    [InlineData("Source:Listen", "http://0.0.0.0:80", "Source:Hosts")]
    [InlineData("Source:Listen", "http://[::]:80", "Source:Hosts")]
    [InlineData("Reviewer:Listen", "http://0.0.0.0:81", "Reviewer:Origin")]
    public void Read_EveryAddress_AsksUnderWhichName(string key, string value, string missing)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(("Drop:DataDirectory", "/data"), (key, value)));
        Assert.StartsWith($"SecureDrop:{missing} is missing", Assert.Single(refusal.Problems));
    }

    [Fact]
    public void Read_AllWrongAtOnce_AllAreNamed()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(("Tickets:LeastDifficulty", "99"), ("Retention:ReportDays", "1")));
        Assert.Equal(3, refusal.Problems.Count);
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("start")]
    [InlineData("--SecureDrp:Drop:DataDirectory=/data")]
    [InlineData("--SecureDrop:Drop:DataDirectory")]
    [InlineData("--urls=http://0.0.0.0:1")]
    public void Load_ArgumentThatIsNoSetting_IsNamed(string argument)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<ConfigurationException>(() => ServerOptionsReader.Load(folder.Path, ["--SecureDrop:Drop:DataDirectory=/data", argument]));
        Assert.StartsWith(argument + " is not understood", Assert.Single(refusal.Problems));
    }

    [Fact]
    public void Load_FileThenCommandLine_TheLatterWinsAndAFileThatIsNoJsonIsNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("appsettings.json"), """{"SecureDrop":{"Drop":{"DataDirectory":"/file"},"Source":{"Hosts":["a.example","b.example:81"]},"Tickets":{},"Retention":{"ReportDays":10}}}""");
        var options = ServerOptionsReader.Load(folder.Path, ["--SecureDrop:Drop:DataDirectory=/argument"]);
        Assert.Equal(("/argument", 10, "b.example:81"), (options.Drop.DataDirectory, options.Retention.ReportDays, options.Source.Hosts[1]));
        File.WriteAllText(folder.File("appsettings.json"), "{\"SecureDrop\": {");
        var refusal = Assert.Throws<ConfigurationException>(() => ServerOptionsReader.Load(folder.Path, []));
        Assert.Contains("appsettings.json cannot be read as JSON", Assert.Single(refusal.Problems));
    }

    [Fact]
    public void Read_UnixSockets_NeedNamesOfTheirOwn()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(("Drop:DataDirectory", "/data"), ("Source:Listen", "unix:/s"), ("Reviewer:Listen", "unix:/r")));
        Assert.Equal(2, refusal.Problems.Count);
        Assert.Contains("SecureDrop:Source:Hosts", refusal.Message);
        Assert.Contains("SecureDrop:Reviewer:Origin", refusal.Message);
    }

    [Fact]
    public void Read_DataDirectoryAlone_IsEnough()
    {
        var options = Read(("Drop:DataDirectory", "/data"));
        Assert.Equal((90, 30, 0, false), (options.Retention.ReportDays, options.Retention.DeadDropDays, options.Tickets.LeastDifficulty, options.DeadDrop.PublishAtOnce));
    }

    [Theory]
    [InlineData("Mongo:ConnectionString", "http://user:hunter2@host/", "Mongo:ConnectionString")]
    [InlineData("Mongo:ConnectionString", "mongodb://user:hun:ter2@host/", "Mongo:ConnectionString")]
    [InlineData("Mongo:ConnectionString", "mongodb://user:hunter2@host/?w=-1&hunter2", "Mongo:ConnectionString")]
    [InlineData("Mongo:ConnectionString", "hunter2", "Mongo:ConnectionString")]
    [InlineData("Mongo:ConnectionString", "mongodb://user:hunter2@a.example,b.example/?directConnection=true", "Mongo:ConnectionString")]
    [InlineData("Mongo:ConnectionString", "mongodb://user:hunter2@a.example/?authMechanism=HUNTER2&hunter2", "Mongo:ConnectionString")]
    [InlineData("Mongo:ConnectionStringFile", "/nowhere/at/all", "Mongo:ConnectionStringFile")]
    [InlineData("Mongo:ConnectionStringFile", "a\0b", "Mongo:ConnectionStringFile")]
    [InlineData("Mongo:Database", "a.b", "Mongo:Database")]
    [InlineData("Mongo:Database", "a b", "Mongo:Database")]
    [InlineData("Mongo:Database", "admin", "Mongo:Database")]
    [InlineData("Mongo:Database", "a234567890123456789012345678901234567890123456789012345678901234", "Mongo:Database")]
    [InlineData("Mongo:Database", "", "Mongo:Database")]
    [InlineData("Drop:DataDirectory", "/data", "Drop:DataDirectory")]
    [InlineData("Mongo:ConnectionString:0", "mongodb://host/", "Mongo:ConnectionString")]
    [InlineData("Mongo:Url", "mongodb://host/", "Mongo:Url")]
    public void Read_MongoThatCannotWork_NamesItsKeyAndNoSecret(string key, string value, string named)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => key.EndsWith("File", StringComparison.Ordinal) ? Read((key, value)) : Read(("Mongo:ConnectionString", "mongodb://user:hunter2@host/"), (key, value)));
        var problem = Assert.Single(refusal.Problems);
        Assert.Contains("SecureDrop:" + named, problem);
        Assert.EndsWith(".", problem);
        Assert.DoesNotContain("hunter2", problem);
        Assert.DoesNotContain("hun:ter2", problem);
    }

    [Fact]
    public void Read_Mongo_NeedsNoFolderAndTakesItsSecretFromAFile()
    {
        var options = Read(("Mongo:ConnectionString", "mongodb://a:b@one.example,two.example/?replicaSet=rs"));
        Assert.Equal(("securedrop", ""), (options.Mongo.Database, options.Drop.DataDirectory));
        Assert.True(MongoSettings.AreSet(options.Mongo));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("secret"), "mongodb://a:b@one.example/\n");
        Assert.Equal("mongodb://a:b@one.example/", MongoSettings.ConnectionString(Read(("Mongo:ConnectionStringFile", folder.File("secret"))).Mongo));
        Assert.Single(Assert.Throws<ConfigurationException>(() => Read(("Mongo:ConnectionString", "mongodb://a/"), ("Mongo:ConnectionStringFile", folder.File("secret")))).Problems);
        File.WriteAllText(folder.File("secret"), "\n");
        Assert.Contains("SecureDrop:Mongo:ConnectionStringFile", Assert.Throws<ConfigurationException>(() => Read(("Mongo:ConnectionStringFile", folder.File("secret")))).Message);
        File.WriteAllText(folder.File("secret"), "mongo://hunter2@one.example/");
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => Read(("Mongo:ConnectionStringFile", folder.File("secret")))).Problems);
        Assert.StartsWith("SecureDrop:Mongo:ConnectionStringFile is not a connection string", problem);
        Assert.DoesNotContain("hunter2", problem);
    }

    [Fact]
    public void Load_ConnectionStringOnTheCommandLine_IsRefusedWithoutRepeatingIt()
    {
        using var folder = new TemporaryFolder();
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => ServerOptionsReader.Load(folder.Path, ["--securedrop:mongo:connectionstring=mongodb://a:hunter2@host/"])).Problems);
        Assert.StartsWith("SecureDrop:Mongo:ConnectionString may hold a password", problem);
        Assert.DoesNotContain("hunter2", problem);
    }

    private static ServerOptions Read(params (string Key, string Value)[] settings) => ServerOptionsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("SecureDrop:" + setting.Key, (string?)setting.Value)).GroupBy(setting => setting.Key).Select(group => group.Last())
            .ToDictionary()).Build());
}
