using System.Globalization;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Flood;
using SecureDrop.Benchmarks.Measuring;

namespace SecureDrop.Benchmarks;

/// <summary>
/// Floods on loopback, one after another, each against a server of its own, and amid each an honest source that visits: how long until
/// its report is in, what the server took and refused, and how much memory it had. Then the same source at every difficulty.
/// </summary>
/// <remarks>Arguments: seconds a flood, 20 unless given; small requests at most in thousands, 1,000 unless given; a word that the flood's name has.
/// Or <c>at ADDRESS SECONDS WORD</c>: one flood against a server that runs.</remarks>
internal static class FloodBenchmark
{
    private const double MostResidentInMegabytes = 300;
    private const double LongestVisitInSeconds = 60;
    private const int Connections = 512;
    private const int SilentClients = 3000;
    private const int OpenUploads = 10_000;
    private static readonly TimeSpan Rise = TimeSpan.FromSeconds(1);

    private sealed record Kind(string Name, string[] Settings, int Tickets, Func<Floods, CancellationToken, Task> Run);

    private static Kind[] Kinds(int requests) =>
    [
        new("none", [], 0, (_, stop) => Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default)),
        new("texts, hoarded tickets", [], 20_000, (floods, stop) => floods.TextsAsync(stop)),
        new("texts, no tickets", [], 0, (floods, stop) => floods.TextsWithoutTicketsAsync(stop)),
        new("bogus nonces", ["--SecureDrop:Tickets:LeastDifficulty=6"], 2_000, (floods, stop) => floods.BogusNoncesAsync(stop)),
        new("ten thousand open uploads", [], OpenUploads, (floods, stop) => floods.OpenUploadsAsync(stop)),
        new("parts out of range", [], 100, (floods, stop) => floods.PartsOutOfRangeAsync(stop)),
        new("small requests", [], 0, (floods, stop) => floods.SmallRequestsAsync(requests, stop)),
    ];

    internal static async Task RunAsync(string[] arguments)
    {
        if (arguments is ["at", { } address, { } seconds, { } word])
        {
            await AttackAsync(new Uri(address), int.Parse(seconds, CultureInfo.InvariantCulture), word);
            return;
        }

        TimeSpan time = TimeSpan.FromSeconds(arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 20);
        int requests = 1000 * (arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1000);
        string chosen = arguments.Length > 2 ? arguments[2] : "";
        using ScratchFolder folder = new(8L << 30);
        Machine.Print(folder.FileSystem);
        Console.WriteLine($"flood: {time.TotalSeconds:F0} s each, {Connections} connections, load of the machine before it: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        Console.WriteLine("flood | taken /s | refused /s | broken /s | visits in, failed, tries again | median, longest | most work | difficulty | resident MB");
        PrepareDrop(folder);

        foreach (Kind kind in Kinds(requests).Where(flood => flood.Name.Contains(chosen, StringComparison.Ordinal)))
        {
            await MeasureAsync(folder, kind.Name, kind.Settings, kind.Tickets, time, (server, text, hoard, stop) => HoardAndRunAsync(server, text, hoard, kind.Run, stop));
        }

        if ("slow clients".Contains(chosen, StringComparison.Ordinal))
        {
            await MeasureAsync(folder, $"{SilentClients} slow clients", [], 1000, time, async (server, text, hoard, stop) =>
            {
                string[] tickets = await TicketsAsync(server, hoard);
                SlowClients attack = new(server, SilentClients, tickets);
                return (attack.Tally, attack.RunAsync(stop));
            });
        }

        foreach (int difficulty in new[] { 0, 6, 9, 12, 15 }.Where(_ => "difficulty".Contains(chosen, StringComparison.Ordinal)))
        {
            string[] settings = [$"--SecureDrop:Tickets:LeastDifficulty={difficulty}", $"--SecureDrop:Tickets:MostDifficulty={difficulty}"];
            await MeasureAsync(folder, $"bogus nonces, difficulty {difficulty}", settings, 2_000, time,
                (server, text, hoard, stop) => HoardAndRunAsync(server, text, hoard, (floods, until) => floods.BogusNoncesAsync(until), stop));
        }

        Console.WriteLine($"load of the machine after it: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    }

    /// <summary>One flood against a server that runs, so that a person or a browser may visit it meanwhile. Of this machine only: this is no weapon.</summary>
    private static async Task AttackAsync(Uri server, int seconds, string name)
    {
        if (!server.IsLoopback)
        {
            throw new InvalidOperationException("A flood is for a server of your own, at a loopback address.");
        }

        byte[] text = await HonestSource.SealAsync(server);
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(seconds));
        Tally tally;
        Task flood;
        if ("slow clients".Contains(name, StringComparison.Ordinal))
        {
            SlowClients attack = new(server, SilentClients, await TicketsAsync(server, 1000));
            (tally, flood) = (attack.Tally, attack.RunAsync(stop.Token));
        }
        else
        {
            Kind kind = Kinds(int.MaxValue).First(flood => flood.Name.Contains(name, StringComparison.Ordinal));
            (tally, flood) = await HoardAndRunAsync(server, text, kind.Tickets, kind.Run, stop.Token);
        }

        Console.WriteLine($"{name}: under way for {seconds} s");
        await flood;
        Console.WriteLine(tally);
    }

    /// <summary>A drop with a roster, made once: each flood begins with a copy of it.</summary>
    private static void PrepareDrop(ScratchFolder folder)
    {
        using ServerProcess server = ServerProcess.Start(folder.File("prepared"));
        using ReviewerDesk desk = ReviewerDesk.Create(folder, server.Reviewers, server.Source, server.SetupToken);
    }

    private static async Task MeasureAsync(
        ScratchFolder folder, string name, string[] settings, int tickets, TimeSpan time,
        Func<Uri, byte[], int, CancellationToken, Task<(Tally Tally, Task Flood)>> begin)
    {
        string data = folder.File(name);
        Directory.CreateDirectory(data);
        foreach (string file in Directory.EnumerateFiles(folder.File("prepared")).Where(file => file.EndsWith(".sqlite", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        }

        using (ServerProcess server = ServerProcess.Start(data, settings))
        {
            byte[] text = await HonestSource.SealAsync(server.Source);
            using CancellationTokenSource stop = new();
            HonestSource source = new(server.Source, text);
            (Tally tally, Task flood) = await begin(server.Source, text, tickets, stop.Token);
            await Task.Delay(Rise);
            using CancellationTokenSource enough = new(time);
            await source.VisitAsync(enough.Token);
            (double taken, double refused, double broken) = tally.Rates();
            await stop.CancelAsync();
            await flood;
            double resident = ProcessUse.PeakInMegabytes(server.Id);
            string missed = (resident >= MostResidentInMegabytes ? "  MEMORY MISSED" : "") + (source.Failed > 0 || source.Longest.TotalSeconds > LongestVisitInSeconds ? "  VISIT MISSED" : "")
                + (tally.Faults > 0 ? "  FAULTS" : "");
            Console.WriteLine(
                $"{name} | {taken:F0} | {refused:F0} | {broken:F0} | {source.Arrived}, {source.Failed}, {source.Retries} | {source.Median.TotalSeconds:F1} s, {source.Longest.TotalSeconds:F1} s | "
                + $"{source.LongestWork.TotalSeconds:F1} s | {source.MostDifficulty} | {resident:F0}{missed}   [{tally}] {server.Errors}");
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task<(Tally Tally, Task Flood)> HoardAndRunAsync(
        Uri server, byte[] text, int tickets, Func<Floods, CancellationToken, Task> run, CancellationToken stop)
    {
        Floods attack = new(server, Connections, text);
        await attack.HoardAsync(tickets);
        return (attack.Tally, Task.Run(async () =>
        {
            using (attack)
            {
                await run(attack, stop);
            }
        }, CancellationToken.None));
    }

    private static async Task<string[]> TicketsAsync(Uri server, int count)
    {
        using HttpClient http = new() { BaseAddress = server };
        string[] tickets = new string[count];
        for (int n = 0; n < count; n++)
        {
            using System.Text.Json.JsonDocument answer = System.Text.Json.JsonDocument.Parse(await http.GetByteArrayAsync("/api/v1/ticket"));
            tickets[n] = answer.RootElement.GetProperty("ticket").GetString()!;
        }

        return tickets;
    }
}
