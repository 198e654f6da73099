using System.Diagnostics;
using System.Security.Cryptography;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Load.Clients;
using SecureDrop.Load.Drop;
using SecureDrop.Load.Measuring;

namespace SecureDrop.Load;

/// <summary>One run: a drop is set up, loaded for a time, and what it acknowledged is looked for.</summary>
internal static class LoadRun
{
    private const int ReportOfMixedInHundred = 1;
    private const int TextsOfMixedInHundred = 40;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(10);

    /// <returns>0; 1 where a report was lost, or an answer was an error.</returns>
    internal static async Task<int> RunAsync(LoadOptions options)
    {
        using ScratchFolder folder = new((options.ReportInMebibytes * 3L) << 20);
        Machine.Print(folder.FileSystem);
        Console.WriteLine($"load: {options.Kind}, {options.Clients} clients, {options.Seconds} s, {options.Servers} server(s) over {(options.IsMongo ? "MongoDB" : "the embedded store")}; "
            + $"load of the machine before it: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        using StockMongo? mongo = options.IsMongo ? StockMongo.Start(folder) : null;
        Dictionary<string, string> database = mongo is null ? [] : new()
        {
            ["SecureDrop__Mongo__ConnectionString"] = mongo.ConnectionString,
            ["SecureDrop__Mongo__Database"] = $"load_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}",
        };
        using LoadDrop drop = await LoadDrop.StartAsync(folder, options.Servers, database, [.. options.Settings.Select(setting => $"--SecureDrop:{setting}")]);
        Bodies bodies = await Bodies.SealAsync(drop.Servers[0].Source, folder, options.ReportInMebibytes);
        if (options.HasPeers)
        {
            await Peers.MeasureAsync(folder, bodies, options);
        }

        Clock.SettleDisk();
        Ledger ledger = new();
        TimeSpan[] before = [.. drop.Servers.Select(server => ProcessUse.ProcessorTime(server.Id))];
        long began = Stopwatch.GetTimestamp();
        await VisitAsync(drop, bodies, ledger, options);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        Print(ledger, time);
        for (int n = 0; n < drop.Servers.Count; n++)
        {
            int id = drop.Servers[n].Id;
            Table.Row($"server {n + 1}, most resident", $"{ProcessUse.PeakInMegabytes(id):F0} MB",
                $"{(ProcessUse.ProcessorTime(id) - before[n]) / time:F2} of one core busy; load of the machine {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        }

        return await IsAllThereAsync(drop, bodies, ledger) && ledger.Errors.Count == 0 ? 0 : 1;
    }

    private static async Task VisitAsync(LoadDrop drop, Bodies bodies, Ledger ledger, LoadOptions options)
    {
        HttpClient[] sources = [.. drop.Servers.Select(server => new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false })
        {
            BaseAddress = server.Source, Timeout = AnswerLimit,
        })];
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(options.Seconds));
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(n => Task.Run(async () =>
        {
            LoadClient client = new(sources[n % sources.Length], bodies, ledger, options.KibibytesPerSecond);
            // They do not all come at once, nor all go on together.
            bool isThere = await PauseAsync(options.PauseInSeconds, stop.Token);
            while (isThere)
            {
                await (options.Kind switch
                {
                    "texts" => client.TextAsync(),
                    "checks" => client.CheckAsync(),
                    "reports" => client.ReportAsync(stop.Token),
                    _ => RandomNumberGenerator.GetInt32(100) switch
                    {
                        < ReportOfMixedInHundred => client.ReportAsync(stop.Token),
                        < ReportOfMixedInHundred + TextsOfMixedInHundred => client.TextAsync(),
                        _ => client.CheckAsync(),
                    },
                });
                isThere = await PauseAsync(options.PauseInSeconds, stop.Token);
            }
        }, CancellationToken.None)));
        foreach (HttpClient source in sources)
        {
            source.Dispose();
        }
    }

    /// <returns>False once the run is over.</returns>
    private static async Task<bool> PauseAsync(int seconds, CancellationToken stop)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((2000 * seconds) + 1)), stop);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static void Print(Ledger ledger, TimeSpan time)
    {
        foreach ((string kind, double[] seconds) in ledger.Times)
        {
            string At(double share) => $"{seconds[(int)((seconds.Length - 1) * share)] * 1000:F0}";
            Table.Row($"{kind}: {seconds.Length}", $"{seconds.Length / time.TotalSeconds:F1} /s", $"half within {At(0.5)} ms, 90 % {At(0.9)}, 99 % {At(0.99)}, all {At(1)}");
        }

        Table.Throughput("bodies taken in", ledger.Bytes, time);
        foreach ((string what, int count) in ledger.Busy.OrderByDescending(busy => busy.Value))
        {
            Table.Row("busy, asked again", $"{count}", what);
        }

        foreach ((string what, int count) in ledger.Errors.OrderByDescending(error => error.Value).Take(10))
        {
            Table.Row("ERROR", $"{count}", what);
        }
    }

    /// <summary>
    /// Each by its bytes, texts and larger reports alike: all that were acknowledged, no more than these and those of which no answer came, and
    /// none that nobody sent.
    /// </summary>
    private static async Task<bool> IsAllThereAsync(LoadDrop drop, Bodies bodies, Ledger ledger)
    {
        Dictionary<string, int> fetched = await drop.FetchAsync();
        int Of(IReadOnlyDictionary<string, int> counts, bool isReport) => counts.Where(count => count.Key == bodies.ReportDigest == isReport).Sum(count => count.Value);
        int lost = ledger.Acknowledged.Sum(body => Math.Max(0, body.Value - fetched.GetValueOrDefault(body.Key)));
        int strange = fetched.Where(body => body.Key != bodies.ReportDigest && bodies.Texts.All(text => text.Digest != body.Key)).Sum(body => body.Value);
        int more = fetched.Sum(body => Math.Max(0, body.Value - ledger.Acknowledged.GetValueOrDefault(body.Key) - ledger.Unknown.GetValueOrDefault(body.Key))) - strange;
        Table.Row("acknowledged", $"{ledger.Acknowledged.Values.Sum()}",
            $"{Of(ledger.Acknowledged, isReport: false)} texts, {Of(ledger.Acknowledged, isReport: true)} reports; of {ledger.Unknown.Values.Sum()} no answer came");
        Table.Row("lost", $"{lost}", $"{Of(fetched, isReport: false) - strange} texts and {Of(fetched, isReport: true)} reports can be fetched as they were sent; {strange} that nobody sent, {more} too many");
        return lost == 0 && strange == 0 && more == 0;
    }
}
