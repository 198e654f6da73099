using System.Globalization;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Server.Options;

/// <summary>The server's README: its table of settings is the settings there are, with their defaults, and its routes are the routes.</summary>
public sealed class ServerReadmeTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(StockProgram.RepositoryRoot, "server/README.md"));

    [Fact]
    public void Settings_InTheTable_AreTheOnesOfTheCode()
    {
        var table = Rows("| key (under `SecureDrop:`)").ToDictionary(cells => cells[0].Trim('`'), cells => cells[1]);
        var settings = SettingShapes.All(new ServerOptions()).ToList();
        Assert.Equal(settings.Select(setting => setting.Key), table.Keys);
        foreach (var (key, type, value) in settings)
        {
            var expected = value switch
            {
                string { Length: > 0 } text => $"`{text}`",
                int number => number.ToString(CultureInfo.InvariantCulture),
                bool flag => flag ? "true" : "false",
                _ => null,
            };
            if (expected is not null)
                Assert.Equal(expected, table[key]);
            else
                Assert.DoesNotContain('`', table[key]);
        }
    }

    [Theory]
    [InlineData("source", "| sources")]
    [InlineData("reviewer", "| reviewers")]
    public void Routes_InTheTable_AreTheOnesOfTheDocument(string document, string head)
    {
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(StockProgram.RepositoryRoot, $"docs/openapi-{document}.json")));
        var routes = json.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(routes.Order(StringComparer.Ordinal), Rows(head).Select(cells => cells[0].Trim('`')).Where(route => route.Contains("/api/") || route.EndsWith("/plain", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Limits_InTheTable_AreTheOnesOfTheCode()
    {
        var table = Rows("| limit").ToDictionary(cells => cells[0], cells => cells[1]);
        Assert.Equal(SecureDrop.Server.Hosting.Limits.All.Select(limit => (limit.Name, limit.Value)), table.Select(row => (row.Key, row.Value)));
    }

    [Fact]
    public void Collections_InTheTable_AreTheOnesOfTheCode() =>
        Assert.Equal(MongoSchema.Clustered.Order(StringComparer.Ordinal), Rows("| collection").Select(cells => cells[0].Trim('`')).Order(StringComparer.Ordinal));

    [Fact]
    public void Shards_InTheDeploymentGuide_AreTheOnesOfTheCode()
    {
        var lines = File.ReadAllLines(Path.Combine(StockProgram.RepositoryRoot, "docs/deployment.md")).Where(line => line.StartsWith("sh.shardCollection(", StringComparison.Ordinal));
        Assert.Equal(MongoSchema.Sharded.Select(name => $"sh.shardCollection(\"securedrop.{name}\", {{ _id: 1 }})"), lines);
    }

    private static IEnumerable<string[]> Rows(string head) => Lines
        .SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]);
}
