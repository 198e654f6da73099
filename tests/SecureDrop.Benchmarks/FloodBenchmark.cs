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
    private const int OpenUploads = 10_000;
    private static readonly TimeSpan Rise = TimeSpan.FromSeconds(1);

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
        Console.WriteLine($"flood: {time.TotalSeconds:F0} s each, load of the machine before it: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        Console.WriteLine("flood | sent /s | taken /s | refused /s | broken /s | visits in, failed, tries again | median, longest | most work | difficulty | resident MB");
        PreparedDrop drop = await PreparedDrop.MakeAsync(folder, OpenUploads);

        foreach (Kind kind in Kind.All.Concat(AtEachDifficulty()).Where(flood => flood.Name.Contains(chosen, StringComparison.Ordinal)))
        {
            await MeasureAsync(folder, drop, kind, requests, time);
        }

        Console.WriteLine($"load of the machine after it: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    }

    private static IEnumerable<Kind> AtEachDifficulty()
    {
        foreach (int difficulty in new[] { 0, 6, 9, 12, 15 })
        {
            string[] settings = [$"--SecureDrop:Tickets:LeastDifficulty={difficulty}", $"--SecureDrop:Tickets:MostDifficulty={difficulty}"];
            yield return new Kind($"difficulty {difficulty}, bogus nonces", settings, 2_000, Kind.Bogus);
            yield return new Kind($"difficulty {difficulty}, texts that pay", settings, 0, Kind.Paying);
        }
    }

    /// <summary>One flood against a server that runs, so that a person or a browser may visit it meanwhile. Of this machine only: this is no weapon.</summary>
    private static async Task AttackAsync(Uri server, int seconds, string name)
    {
        if (!server.IsLoopback)
        {
            throw new InvalidOperationException("A flood is for a server of your own, at a loopback address.");
        }

        Kind kind = Kind.All.First(flood => flood.Name.Contains(name, StringComparison.Ordinal));
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(seconds));
        Tally tally = new();
        Task flood = await BeginAsync(kind, new Means(server, await HonestSource.SealAsync(server), tally, null, int.MaxValue), stop.Token);
        Console.WriteLine($"{kind.Name}: under way for {seconds} s");
        await flood;
        Console.WriteLine(tally);
    }

    private static async Task MeasureAsync(ScratchFolder folder, PreparedDrop drop, Kind kind, int requests, TimeSpan time)
    {
        string data = folder.File("flooded");
        drop.CopyTo(data);
        using (ServerProcess server = ServerProcess.Start(data, kind.Settings))
        {
            byte[] text = await HonestSource.SealAsync(server.Source);
            using CancellationTokenSource stop = new();
            HonestSource source = new(server.Source, text);
            Tally tally = new();
            Task flood = await BeginAsync(kind, new Means(server.Source, text, tally, drop, requests), stop.Token);
            await Task.Delay(Rise);
            using CancellationTokenSource enough = new(time);
            await source.VisitAsync(enough.Token);
            (double sent, double taken, double refused, double broken) = tally.Rates();
            await stop.CancelAsync();
            await flood;
            double resident = ProcessUse.PeakInMegabytes(server.Id);
            string missed = (resident >= MostResidentInMegabytes ? "  MEMORY MISSED" : "") + (source.Failed > 0 || source.Longest.TotalSeconds > LongestVisitInSeconds ? "  VISIT MISSED" : "")
                + (tally.Faults > 0 ? "  FAULTS" : "");
            Console.WriteLine(
                $"{kind.Name} | {sent:F0} | {taken:F0} | {refused:F0} | {broken:F0} | {source.Arrived}, {source.Failed}, {source.Retries} | {source.Median.TotalSeconds:F1} s, {source.Longest.TotalSeconds:F1} s | "
                + $"{source.LongestWork.TotalSeconds:F1} s | {source.MostDifficulty} | {resident:F0}{missed}   [{tally}] {server.Errors}");
        }

        Directory.Delete(data, recursive: true);
    }

    /// <summary>Fetches its tickets, which is no part of it, and lets it loose.</summary>
    private static async Task<Task> BeginAsync(Kind kind, Means with, CancellationToken stop)
    {
        using (Floods hoarder = new(with.Server, 64, with.Text, with.Tally))
        {
            with = with with { Tickets = await hoarder.HoardAsync(kind.Tickets) };
        }

        with.Tally.Begin();
        return Task.Run(() => kind.RunAsync(with, stop), CancellationToken.None);
    }
}
