using System.Globalization;
using System.Text.RegularExpressions;
using MongoDB.Driver;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Options;
using SecureDrop.Tests.Interop;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Docs;

/// <summary>What docs/deployment.md has typed fits together, and fits what deploy/ ships.</summary>
public sealed partial class DeploymentDocumentTests
{
    private static readonly string Guide = Read("docs/deployment.md");

    /// <summary>A member that is named otherwise in one of these places is one that the servers cannot reach: no name is looked up.</summary>
    [Fact]
    public void Members_OfTheSetTheConnectionStringAndTheUnit_AreTheSameAddresses()
    {
        var members = Member().Matches(Line(Guide, "{ _id: 0, host:")).Select(match => match.Groups["address"].Value).ToList();
        Assert.Equal(3, members.Count);
        var typed = MongoUrl.Create(Quoted(Line(Guide, "echo 'mongodb://")));
        Assert.Equal(members, typed.Servers.Select(server => server.Host));
        Assert.Equal(members, Line(Read("deploy/systemd/mongodb.conf"), "IPAddressAllow=")["IPAddressAllow=".Length..].Split(' '));
        Assert.Contains($"bindIp: 127.0.0.1,{members[0]}\n", Guide, StringComparison.Ordinal);
        Assert.Contains($"rs.initiate({{ _id: \"{typed.ReplicaSetName}\"", Guide, StringComparison.Ordinal);
        Assert.Contains($"replSetName: {typed.ReplicaSetName},", Guide, StringComparison.Ordinal);
    }

    /// <summary>MongoDB takes one user from whoever comes from 127.0.0.1, and then no more: it must be one that may make the others.</summary>
    [Fact]
    public void Users_InTheirOrder_AreOneWhoMayMakeOthersAndTheServers()
    {
        var users = User().Matches(Guide).Select(match => (Name: match.Groups["name"].Value, Roles: match.Groups["roles"].Value)).ToList();
        var typed = MongoUrl.Create(Quoted(Line(Guide, "echo 'mongodb://")));
        Assert.Equal([("admin", "\"root\""), (typed.Username, "{ role: \"readWrite\", db: \"securedrop\" }")], users);
        Assert.Equal("admin", typed.AuthenticationSource);
        Assert.True(Guide.IndexOf("rs.initiate(", StringComparison.Ordinal) < Guide.IndexOf("db.createUser(", StringComparison.Ordinal));
    }

    /// <summary>
    /// The functions as a shell reads them, with the service manager's part played here: it puts its own folder in place of the variable in the
    /// program's arguments, and leaves what it was told to set in the environment as it is.
    /// </summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Lines_ThatRunTheServersCommands_FindTheStore(int which, bool isMongo)
    {
        var functions = Guide.Split('\n').Where(line => line.StartsWith("securedrop() {", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, functions.Count);
        // bash, as on Debian: elsewhere sh may take no function with a hyphen in its name.
        var typed = await StockProgram.Installed("bash", "Debian: bash").OrSkip()
            .RunAsync(["-c", $"systemd-run() {{ printf '%s\\n' \"$@\"; }}\n{functions[which]}\nsecuredrop backup '/a b'"]);
        var words = typed.MustSucceed().OutputText.TrimEnd('\n').Split('\n');
        var program = Array.IndexOf(words, "/usr/bin/dotnet");
        // Escaped by systemd-run: written as in a unit file, it would be taken as it stands.
        Assert.All(words[..program], word => Assert.DoesNotContain('%', word));
        using var credentials = new TemporaryFolder();
        await File.WriteAllTextAsync(credentials.File("mongodb"), "mongodb://10.0.0.21/\n", TestContext.Current.CancellationToken);
        Assert.Equal(isMongo, words.Contains("LoadCredential=mongodb:/etc/securedrop/mongodb"));
        string[] arguments = [.. words[(program + 2)..].Select(word => word.Replace("${CREDENTIALS_DIRECTORY}", credentials.Path, StringComparison.Ordinal))];
        Assert.True(BackupProgram.IsAskedFor(arguments));
        Assert.Equal("/a b", arguments[1]);
        // The folder comes from the service's environment, from which the guide takes it away where there is a database.
        var options = ServerOptionsReader.Load(credentials.Path, [.. arguments[2..], .. isMongo ? Array.Empty<string>() : ["--SecureDrop:Drop:DataDirectory=/data"]]);
        Assert.Equal(isMongo, MongoSettings.AreSet(options.Mongo));
        Assert.Equal(isMongo ? "mongodb://10.0.0.21/" : "", MongoSettings.ConnectionString(options.Mongo));
    }

    /// <summary>At most: what a visit writes beside its sealed text makes the time shorter.</summary>
    [Fact]
    public void Days_OfTheOplog_AreItsLengthBySealedTexts()
    {
        const int Reviewers = 3;
        var table = Guide.Split('\n').SkipWhile(line => !line.StartsWith("| visits a day |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        var lengths = table[0].Skip(1).Select(head => long.Parse(Setting().Match(head).Groups["megabytes"].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(lengths[0].ToString(CultureInfo.InvariantCulture), Setting().Match(Line(Guide, "replication:")).Groups["megabytes"].Value);
        var text = AgeSizes.SealedSizeInBytes(Reviewers, SizeClass.SmallestInBytes);
        Assert.Equal("70 KB", $"{Math.Round(text / 1000.0)} KB");
        Assert.Contains("A visit writes 70 KB", Guide, StringComparison.Ordinal);
        Assert.All(table.Skip(2), row => Assert.Equal(
            lengths.Select(length => (length << 20) / text / long.Parse(row[0], CultureInfo.InvariantCulture)),
            row.Skip(1).Select(days => long.Parse(days, CultureInfo.InvariantCulture))));
    }

    private static string Line(string text, string start) => Assert.Single(text.Split('\n'), line => line.TrimStart().StartsWith(start, StringComparison.Ordinal)).Trim();

    private static string Quoted(string line) => line.Split('\'')[1];

    private static string Read(string path) => File.ReadAllText(Path.Combine(StockProgram.RepositoryRoot, path));

    [GeneratedRegex(@"oplogSizeMB: (?<megabytes>\d+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Setting();

    [GeneratedRegex(@"host: ""(?<address>[0-9.]+):27017""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Member();

    [GeneratedRegex(@"db\.createUser\(\{ user: ""(?<name>\w+)"", pwd: passwordPrompt\(\), roles: \[(?<roles>[^\]]+)\] \}\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex User();
}
