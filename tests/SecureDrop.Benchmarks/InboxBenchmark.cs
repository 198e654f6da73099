using System.Globalization;
using System.Text.Json;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.SourceApi;

namespace SecureDrop.Benchmarks;

/// <summary>
/// A reviewer's desk that has grown: <c>sync</c> of a day of many reports, then <c>inbox</c> and the other commands of a day's work over
/// all of them, and <c>sync</c> of the next day, most of it decoys.
/// </summary>
/// <remarks>Arguments: the number of reports kept (10,000 unless given) and of texts of the next day (2,000, of which 90 % decoys). The
/// server runs within this process, because its clock has to; the reviewer's tool is a process of its own, unlocked once.</remarks>
internal static class InboxBenchmark
{
    private const int DecoysInTen = 9;

    internal static async Task RunAsync(string[] arguments)
    {
        int kept = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000;
        int texts = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 2_000;
        using ScratchFolder folder = new((kept + texts) * 80_000L * 3);
        Machine.Print(folder.FileSystem);
        ShiftedClock clock = new() { Offset = TimeSpan.FromDays(-1) };
        ServerOptions options = new()
        {
            Drop = new() { DataDirectory = folder.File("server") },
            // A day's reports in a minute: no work is asked for here.
            Tickets = new() { MostDifficulty = 0 },
            Source = new() { Listen = "http://127.0.0.1:0" },
            Reviewer = new() { Listen = "http://127.0.0.1:0" },
        };
        await using ServerStores stores = ServerStores.OpenSqlite(options.Drop);
        using StringWriter printed = new();
        Page page = new("<!doctype html>"u8.ToArray(), "default-src 'none'");
        await using DropServer server = await DropServer.StartAsync(options, stores, page, clock, printed, Console.Error, CancellationToken.None);
        string token = printed.ToString().Split('\n').First(l => l.StartsWith("setup-token: ", StringComparison.Ordinal))["setup-token: ".Length..];
        using ReviewerDesk desk = ReviewerDesk.Create(folder, new Uri(server.ReviewerAddress), new Uri(server.SourceAddress), token);
        using HttpClient http = new() { BaseAddress = new Uri(server.SourceAddress) };
        BenchmarkSource source = await BenchmarkSource.AtAsync(http, Clock.Today());
        Console.WriteLine($"inbox: a desk of {kept} reports, then a day of {texts} texts, 90 % decoys; after unlocking");

        await TellAsync(http, source, clock, kept, _ => ReportKind.Report);
        desk.Unlock();
        PrintSync(desk, $"sync of a day of {kept} texts, all kept", kept);
        Print(desk, "inbox", "inbox, first time after unlocking");
        Print(desk, "inbox", "inbox, again");
        Print(desk, "inbox --new", "inbox --new");
        string handle = FirstHandle(desk);
        Print(desk, $"open {handle} --no-receipt", "open of one text");

        clock.Offset = TimeSpan.Zero;
        await TellAsync(http, source, clock, texts, n => n % 10 < DecoysInTen ? ReportKind.Decoy : ReportKind.Report);
        PrintSync(desk, $"sync of the next day, {texts} texts, 90 % decoys", texts);
        PrintSync(desk, "sync again, nothing new", 0);
        Print(desk, "status", "status");
        Table.Row("reviewer, most resident since unlocking began", $"{ProcessUse.PeakInMegabytes(desk.Id):F0} MB");
        Table.Row("index on disk", $"{new FileInfo(folder.File("desk/index.age")).Length / 1e6:F1} MB");
        // Two commands at once are refused: the shell has to go first.
        desk.Lock();
        TimeSpan whole = Clock.Time(() => desk.Run("inbox", "--json"));
        Table.Row("inbox as a process of its own", $"{whole.TotalSeconds:F2} s", "unlocking by scrypt included");
    }

    private static Task TellAsync(HttpClient http, BenchmarkSource source, ShiftedClock clock, int count, Func<int, string> kind) =>
        Parallel.ForAsync(0, count, async (n, _) =>
        {
            byte[] text = source.SealText(Clock.Today(clock), kind(n), $"Report {n} of the works. The accounts of the third quarter do not add up.");
            await (await Upload.BeginAsync(http)).PutTextAsync(text);
        });

    private static string FirstHandle(ReviewerDesk desk)
    {
        using JsonDocument inbox = desk.Command("inbox");
        return inbox.RootElement.GetProperty("reports")[0].GetProperty("handle").GetString()!;
    }

    private static void PrintSync(ReviewerDesk desk, string what, int texts)
    {
        TimeSpan before = ProcessUse.ProcessorTime(desk.Id);
        TimeSpan time = Clock.Time(() => desk.Command("sync").Dispose());
        string each = texts > 0 ? $", {time.TotalMilliseconds / texts:F2} ms a text" : "";
        Table.Row(what, $"{time.TotalSeconds:F2} s", $"{(ProcessUse.ProcessorTime(desk.Id) - before).TotalSeconds:F2} s of processor time{each}");
    }

    private static void Print(ReviewerDesk desk, string command, string what)
    {
        TimeSpan time = Clock.Time(() => desk.Command(command).Dispose());
        Table.Row(what, $"{time.TotalSeconds:F2} s");
    }
}
