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
    [InlineData("Tickets:Difficulty", "25")]
    [InlineData("Tickets:Difficulty", "much")]
    [InlineData("Tickets:Dificulty", "1")]
    [InlineData("Source:Listen", "https://127.0.0.1:1")]
    [InlineData("Source:Listen", "unix:relative")]
    [InlineData("Source:Listen", "unix:/a/path/that/is/longer/than/the/107/bytes/which/an/address/of/this/kind/of/socket/has/room/for/and/so/no/one")]
    [InlineData("Source:Listen", "ftp://x")]
    [InlineData("Source:Hosts:0", "a b")]
    [InlineData("Reviewer:Listen", "http://example.org:80")]
    [InlineData("Reviewer:Listen", "http://127.0.0.1:8080")]
    [InlineData("Reviewer:Origin", "http://127.0.0.1:8081/")]
    [InlineData("DeadDrop:PublishAtOnce", "maybe")]
    [InlineData("Retention:ReportDays", "7")]
    [InlineData("Retention:DeadDropDays", "32")]
    [InlineData("Nonsense", "1")]
    public void Read_SettingThatCannotWork_NamesItsKey(string key, string value)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(("Drop:DataDirectory", "/data"), (key, value)));
        Assert.Contains("SecureDrop:" + key, refusal.Message);
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
        Assert.Equal((90, 30, 0, false), (options.Retention.ReportDays, options.Retention.DeadDropDays, options.Tickets.Difficulty, options.DeadDrop.PublishAtOnce));
    }

    private static ServerOptions Read(params (string Key, string Value)[] settings) => ServerOptionsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("SecureDrop:" + setting.Key, (string?)setting.Value)).GroupBy(setting => setting.Key).Select(group => group.Last())
            .ToDictionary()).Build());
}
