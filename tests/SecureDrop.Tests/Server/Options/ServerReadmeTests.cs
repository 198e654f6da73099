using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Metrics;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Server.Storage.Sqlite;
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
        Assert.Equal(routes.Order(StringComparer.Ordinal), Rows(head).Select(cells => cells[0].Trim('`')).Where(route => route != "GET /").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Limits_InTheTable_AreTheOnesOfTheCode()
    {
        var table = Rows("| limit").ToDictionary(cells => cells[0], cells => cells[1]);
        Assert.Equal(SecureDrop.Server.Hosting.Limits.All.Select(limit => (limit.Name, limit.Value)), table.Select(row => (row.Key, row.Value)));
    }

    [Fact]
    public void Sentences_InTheTable_AreTheOnesOfTheLog()
    {
        using var writer = new StringWriter();
        var log = new ServerLog(writer);
        foreach (var call in typeof(ServerLog).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            Assert.Contains(call.Name, (string[])["Fault", "OwnFault", "Problem", "Turn", "Flush", "Room", "StoreIsAway", "StoreAnswers", "PublishesAtOnce", "DayEnded", "DaysWait", "ClockWentBack", "NoBackups"]);
        log.Fault(new InvalidOperationException());
        foreach (var code in new[] { 13, 11, 26, 10, 14, 8, 3 })
            log.OwnFault(SqliteFaults.Of("/data/a.sqlite", new SqliteException("SQLite Error", code))!);
        log.Flush();
        log.Room(0, 512);
        log.Room(1, 512);
        log.StoreIsAway(new StoreException("The database does not answer (host: refused)."));
        log.StoreAnswers();
        log.PublishesAtOnce();
        foreach (var kind in Enum.GetValues<DayEnd>())
            log.DayEnded(kind, new DateOnly(2026, 11, 24));
        log.DaysWait(3);
        log.NoBackups("/data/backup.sock cannot be made a socket");
        log.ClockWentBack(new DateOnly(2026, 11, 24), new DateOnly(2026, 11, 25));
        var patterns = Rows("| begins with").SelectMany(cells => cells[0].Split("`, `")).Select(text => text.Trim('`'))
            .Select(text => new Regex("^" + string.Join(".+", text.TrimEnd('…').Split('…').Select(Regex.Escape)), RegexOptions.NonBacktracking)).ToList();
        var lines = writer.ToString().TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.Contains(patterns, pattern => pattern.IsMatch(line)));
        Assert.All(patterns, pattern => Assert.Contains(lines, line => pattern.IsMatch(line)));
    }

    [Fact]
    public void Metrics_InTheTable_AreTheOnesOfTheCode() => Assert.Equal(
        DropMeter.All.Select(instrument => (OpenMetricsExporter.NameOf(instrument.Name, instrument.Unit), instrument.Description)),
        Rows("| metric").Select(cells => (cells[0].Trim('`'), cells[1])));

    [Fact]
    public void BackupFiles_InTheTable_AreTheOnesOfTheCode() => Assert.Equal(
        Enum.GetValues<BackupContent>().Select(content => new BackupFile(content, new DateOnly(2026, 11, 24)).Name.Replace("2026-11-24", "DAY", StringComparison.Ordinal)).Append(Manifest.FileName),
        Rows("| file of a backup").Select(cells => cells[0].Trim('`')));

    [Fact]
    public void ExitCodes_InTheTable_AreTheOnesOfTheCode() => Assert.Equal(
        [0, Failure.LaterExitCode, Failure.ConfigurationExitCode, Failure.StoreExitCode, BackupProgram.IncompleteExitCode, Failure.BackupExitCode],
        Rows("| exit code of").Select(cells => int.Parse(cells[0], CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("server/README.md", "dotnet SecureDrop.Server.dll ", 2)]
    [InlineData("docs/deployment.md", "securedrop ", 2)]
    public void Lines_ThatMakeBackups_AreUnderstood(string document, string program, int lines)
    {
        var typed = File.ReadAllLines(Path.Combine(StockProgram.RepositoryRoot, document)).Select(line => line.Trim()).Where(line => line.StartsWith(program, StringComparison.Ordinal))
            .Select(line => line[program.Length..].Split(' ')).Where(arguments => arguments[0] is "backup" or "restore").ToList();
        Assert.Equal(lines, typed.Count);
        Assert.All(typed, arguments =>
        {
            Assert.True(BackupProgram.IsAskedFor(arguments));
            // Where none are shown they come from the service's environment.
            string[] settings = [.. arguments.Skip(2).Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).DefaultIfEmpty("--SecureDrop:Drop:DataDirectory=/data")];
            Assert.NotEmpty(ServerOptionsReader.Load(Path.GetTempPath(), settings).Drop.DataDirectory);
        });
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
