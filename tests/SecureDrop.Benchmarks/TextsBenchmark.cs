using System.Globalization;
using System.Security.Cryptography;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;

namespace SecureDrop.Benchmarks;

/// <summary>
/// Durable uploads of texts a second with 64 clients: through the server process, and into the embedded store alone. Beside them, in
/// the same run, the plainest durable store: a file and an fsync for each, one after another.
/// </summary>
/// <remarks>Arguments: the number of texts, 4,000 unless given.</remarks>
internal static class TextsBenchmark
{
    private const int Clients = 64;
    private const int Different = 64;

    internal static async Task RunAsync(string[] arguments)
    {
        int texts = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 4000;
        using ScratchFolder folder = new(texts * 80_000L * 4);
        Machine.Print(folder.FileSystem);
        // The rate without its limit: else work would be asked for, and tickets in hand refused.
        using ServerProcess server = ServerProcess.Start(folder.File("server"), "--SecureDrop:Tickets:MostDifficulty=0");
        using ReviewerDesk desk = ReviewerDesk.Create(folder, server.Reviewers, server.Source, server.SetupToken);
        using HttpClient http = new() { BaseAddress = server.Source };
        BenchmarkSource source = await BenchmarkSource.AtAsync(http, Clock.Today());
        byte[][] bodies = [.. Enumerable.Range(0, Different).Select(n => source.SealText(Clock.Today(), ReportKind.Report, $"Report {n} of the works."))];
        Console.WriteLine($"texts: {texts} of {bodies[0].Length} sealed bytes each, {Clients} clients, each upload durable before it is answered");

        // Before, between and after, since one disk is twice as fast in one minute as in the next: each is beside the two around it.
        const string Peer = "peer: a file and an fsync each, one after another";
        double first = Print(Peer, texts, FileLoop.Write(folder, bodies, texts), null);
        TimeSpan before = ProcessUse.ProcessorTime(Environment.ProcessId);
        TimeSpan storing = await StoreAsync(folder, bodies, texts);
        TimeSpan storeProcessor = ProcessUse.ProcessorTime(Environment.ProcessId) - before;
        double second = Print(Peer, texts, FileLoop.Write(folder, bodies, texts), null);
        Print("embedded store alone, as many writers", texts, storing, (first + second) / 2);
        Table.Row("store, processor time a text", $"{storeProcessor.TotalMilliseconds / texts:F2} ms");
        // What the just-in-time compiler does at the first requests is no part of a rate.
        await UploadAsync(await BeginAsync(http, texts / 4), bodies);
        Upload[] uploads = await BeginAsync(http, texts);
        Clock.SettleDisk();
        before = ProcessUse.ProcessorTime(server.Id);
        TimeSpan time = await UploadAsync(uploads, bodies);
        TimeSpan processor = ProcessUse.ProcessorTime(server.Id) - before;
        double third = Print(Peer, texts, FileLoop.Write(folder, bodies, texts), null);
        Print("server, ticket in hand", texts, time, (second + third) / 2);
        Table.Row("server, processor time a text", $"{processor.TotalMilliseconds / texts:F2} ms", $"{processor / time:F2} of one core busy; the clients run on the same machine");
        Table.Row("server, most resident", $"{ProcessUse.PeakInMegabytes(server.Id):F0} MB");
    }

    private static double Print(string what, int texts, TimeSpan time, double? loop)
    {
        double rate = texts / time.TotalSeconds;
        Table.Row(what, $"{rate:F0} /s", loop is { } peer ? $"{rate / peer:F2} of the loop's rate (target: 1 or more)" : "");
        return rate;
    }

    private static async Task<TimeSpan> StoreAsync(ScratchFolder folder, byte[][] bodies, int texts)
    {
        using DataFolder data = DataFolder.Open(folder.File("store"));
        await using SqliteReportStore store = new(data, freeSpaceFloorInBytes: 1 << 20);
        Clock.SettleDisk();
        int next = -1;
        return await Clock.TimeAsync(() => Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) < texts;)
            {
                StoredId id = StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
                Require(await store.StoreTextAsync(Clock.Today(), id, bodies[n % Different], CancellationToken.None) == StoreOutcome.Stored);
            }
        }))));
    }

    private static async Task<Upload[]> BeginAsync(HttpClient http, int count)
    {
        Upload[] uploads = new Upload[count];
        await Parallel.ForAsync(0, count, async (n, _) => uploads[n] = await Upload.BeginAsync(http));
        return uploads;
    }

    private static Task<TimeSpan> UploadAsync(Upload[] uploads, byte[][] bodies)
    {
        int next = -1;
        return Clock.TimeAsync(() => Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) < uploads.Length;)
            {
                await uploads[n].PutTextAsync(bodies[n % Different]);
            }
        })));
    }

    private static void Require(bool stored)
    {
        if (!stored)
        {
            throw new InvalidOperationException("The store did not take a text.");
        }
    }
}
