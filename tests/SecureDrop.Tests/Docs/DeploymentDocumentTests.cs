using System.Text.RegularExpressions;
using MongoDB.Driver;
using SecureDrop.Tests.Interop;
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

    private static string Line(string text, string start) => Assert.Single(text.Split('\n'), line => line.TrimStart().StartsWith(start, StringComparison.Ordinal)).Trim();

    private static string Quoted(string line) => line.Split('\'')[1];

    private static string Read(string path) => File.ReadAllText(Path.Combine(StockProgram.RepositoryRoot, path));

    [GeneratedRegex(@"host: ""(?<address>[0-9.]+):27017""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Member();

    [GeneratedRegex(@"db\.createUser\(\{ user: ""(?<name>\w+)"", pwd: passwordPrompt\(\), roles: \[(?<roles>[^\]]+)\] \}\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex User();
}
