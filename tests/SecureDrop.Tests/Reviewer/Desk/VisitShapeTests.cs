using System.Text.Json;
using System.Text.RegularExpressions;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Server.Storage;
using SecureDrop.Tests.Server;
using SecureDrop.Tests.Server.Storage.Forensics;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>
/// From all that the server sees of the real tool, no decoy can be told from a report, and no day on which reviewers answered from one on
/// which they did not. Two drops get uploads of the same sizes on the same days; what is in them, and what reviewers do, is as different as can be.
/// </summary>
public sealed partial class VisitShapeTests
{
    private const string LogIn = "POST /api/v1/session ";

    [Fact]
    public async Task Requests_OfEveryCommand_AreAFunctionOfIdsAndSizesAlone()
    {
        await using DropAndDesk told = await DropAndDesk.StartAsync(), silent = await DropAndDesk.StartAsync();
        List<string> ofTold = [], ofSilent = [];
        told.Desk.Network = () => new RecordingNetwork(ofTold);
        silent.Desk.Network = () => new RecordingNetwork(ofSilent);
        using SourceAtWork source = new(told.Drop), other = new(told.Drop), nobody = new(silent.Drop);
        AttachmentSource file = TestDrop.Attach("plans", new byte[400_000]);

        for (int day = 0; day < 3; day++)
        {
            // At one: a report, a decoy, a follow-up, one with a file, and what cannot be opened. At the other: decoys throughout.
            await source.TellAsync($"day {day}", day == 0 ? ReportKind.Report : ReportKind.FollowUp);
            await other.TellAsync("", ReportKind.Decoy);
            await source.TellAsync("more", ReportKind.FollowUp);
            await source.TellAsync("with a file", ReportKind.FollowUp, files: [file]);
            await other.UploadAsync(SealedBytes.Text(1));
            for (int n = 0; n < 5; n++)
            {
                await nobody.TellAsync("", ReportKind.Decoy, files: n == 3 ? [file] : []);
            }

            await told.Desk.OkAsync("sync");
            await silent.Desk.OkAsync("sync");
            int asked = ofTold.Count;
            string[] handles = [.. (await told.InboxAsync("--new")).Select(line => line.GetProperty("handle").GetString()!)];
            // Four, and what could not be opened the day before, which stays new.
            Assert.InRange(handles.Length, 4, 6);
            foreach (string handle in handles)
            {
                await told.Desk.RunAsync("open", handle);
            }

            Assert.Equal(ExitCode.Ok, (await told.Desk.RunAsync("delete", handles[0], "--yes")).Code);
            // The first of them left a receipt; none asked for anything.
            Assert.Equal(asked, ofTold.Count);

            // Who is answered, and with how much, is seen as another sync, which the other desk makes for no reason at all.
            string conversation = (await told.InboxAsync()).Select(line => line.GetProperty("conversation")).First(c => c.ValueKind == JsonValueKind.String).GetString()!;
            Assert.Equal(ExitCode.Ok, (await told.Desk.RunWithInputAsync(new string('x', 5_000 * (day + 1)), "reply", conversation, "-")).Code);
            await silent.Desk.OkAsync("sync");
            await told.Drop.AdvanceAsync(TimeSpan.FromDays(1));
            await silent.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        }

        Assert.NotEmpty((await source.LookAsync()).Replies);
        Assert.Empty(await silent.InboxAsync());
        await told.Desk.OkAsync("sync");
        await silent.Desk.OkAsync("sync");
        Assert.Equal(await ShapeAsync(silent.Drop, ofSilent), await ShapeAsync(told.Drop, ofTold));
        // And that is not for want of requests: seven visits, with a login, a batch, each day's texts and the large one of each.
        Assert.Equal(7, ofTold.Count(line => line.StartsWith("POST /api/v1/dead-drop ", StringComparison.Ordinal)));
        Assert.Equal(3, ofTold.Count(line => line.StartsWith("GET /api/v1/reports/", StringComparison.Ordinal)));
        Assert.Single(ofTold.Where(line => line.StartsWith("POST /api/v1/dead-drop ", StringComparison.Ordinal)).Select(line => line.Split("] ")[1]).Distinct());

        // Nor does the server's disk tell the days apart, or the two drops.
        foreach (DateOnly date in Enumerable.Range(0, 3).Select(n => told.Drop.Today.AddDays(-1 - n)))
        {
            Assert.Equal(Structure(silent.Drop, "dead-drop", date), Structure(told.Drop, "dead-drop", date));
            Assert.Equal(Structure(silent.Drop, "copies", date), Structure(told.Drop, "copies", date));
            Assert.Equal(Structure(told.Drop, "dead-drop", told.Drop.Today.AddDays(-1)), Structure(told.Drop, "dead-drop", date));
            Assert.Equal(Structure(told.Drop, "copies", told.Drop.Today.AddDays(-1)), Structure(told.Drop, "copies", date));
        }
    }

    [Fact]
    public async Task Sync_UntilItsLastRequest_HasOpenedNothing()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop), other = new(at.Drop);
        await source.TellAsync("told");
        await other.TellAsync("", ReportKind.Decoy);
        await source.TellAsync("with a file", ReportKind.FollowUp, files: [TestDrop.Attach("plans", new byte[400_000])]);
        await other.UploadAsync(SealedBytes.Text(1));
        List<(string Path, string[] There)> seen = [];
        at.Desk.Network = () => new WatchingNetwork(path => seen.Add((path, [.. at.SealedFiles().Select(file => Path.GetExtension(file))])));
        await at.Desk.OkAsync("sync");
        // When a request comes would tell how long the opening of what came before it took: so there is none.
        Assert.Equal("/api/v1/dead-drop", seen[^1].Path);
        Assert.Equal([".came", ".came", ".came", ".came"], seen[^1].There);
        Assert.All(seen, request => Assert.DoesNotContain(".age", request.There));
        Assert.Equal(3, (await at.InboxAsync()).Length);
        Assert.Equal([".age", ".age", ".age"], at.SealedFiles().Select(file => Path.GetExtension(file)));
    }

    private sealed class WatchingNetwork(Action<string> asked) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>
    /// What was asked, with each report's id replaced by what the server knows of it: its day and size, or that it is the last of its day, which
    /// a list goes on after. The length of a login depends on how its random signature is spelt in JSON.
    /// </summary>
    private static async Task<List<string>> ShapeAsync(RunningDrop drop, List<string> seen)
    {
        Dictionary<string, string> names = [];
        foreach (StoredDay day in await drop.Stores.Reports.ListDaysAsync(TestContext.Current.CancellationToken))
        {
            IReadOnlyList<StoredReport> reports = await drop.Stores.Reports.ListReportsAsync(day.Day, null, 1_000, TestContext.Current.CancellationToken);
            names["after=" + reports[^1].Id] = "after=last";
            foreach (StoredReport report in reports)
            {
                names["reports/" + report.Id] = $"reports/{report.SizeInBytes}";
            }
        }

        return [.. seen.Select(line => line.StartsWith(LogIn, StringComparison.Ordinal) ? LogIn : Ids().Replace(line, id => names[id.Value]))];
    }

    /// <summary>A file without what is random in it: SQLite's header with all its counters, and of each page its kind and its number of rows.</summary>
    private static string Structure(RunningDrop drop, string kind, DateOnly day)
    {
        using StolenFolder stolen = StolenFolder.Steal(drop.DataFolder);
        byte[] file = File.ReadAllBytes(stolen.File_($"{kind}-{day:yyyy-MM-dd}.sqlite"));
        return Convert.ToHexString(file.AsSpan(0, 100)) + string.Concat(file.Chunk(16_384).Skip(1).Select(page => $" {page[0] is 2 or 5 or 10 or 13}{(page[0] is 13 ? page[4] : -1)}"));
    }

    [GeneratedRegex("(after=|reports/)[0-9a-f]{32}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ids();
}
