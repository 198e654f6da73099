using System.Globalization;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Growth;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage.Mongo;

namespace SecureDrop.Benchmarks;

/// <summary>
/// How cost grows with what is stored: stores of 10³, 10⁴, … reports and as many replies, half of the reports on the 89 days before, half
/// on the running one, and what one caller waits for a commit, a list, a sweep and a dead drop.
/// </summary>
/// <remarks>Arguments: the most reports, 1,000,000 unless given; <c>mongodb</c> for that store. Reports and slots are of 256 bytes, not of
/// 65 KB and 10 KB: what grows with the number is looked for, not what grows with the bytes.</remarks>
internal static class GrowthBenchmark
{
    private const int Least = 1_000;

    internal static async Task RunAsync(string[] arguments)
    {
        bool isMongo = arguments.Contains("mongodb", StringComparer.Ordinal);
        int most = arguments.Where(a => a != "mongodb").Select(a => int.Parse(a, CultureInfo.InvariantCulture)).FirstOrDefault(1_000_000);
        using ScratchFolder folder = new(most * 2_000L * 3);
        Machine.Print(folder.FileSystem);
        using StockMongo? mongo = isMongo ? StockMongo.Start(folder) : null;
        Console.WriteLine($"growth: {(isMongo ? "MongoDB" : "embedded store")}, one caller, median of a hundred and more; beside: how many times the figure of the fewest");
        List<GrowthFigure>? first = null;
        for (int reports = Least; reports <= most; reports *= 10)
        {
            await using ServerStores stores = mongo is null
                ? ServerStores.OpenSqlite(new DropOptions { DataDirectory = folder.File($"drop-{reports}") })
                : await ServerStores.OpenMongoAsync(new MongoConnection(mongo.ConnectionString, $"growth_{reports}"), CancellationToken.None);
            GrownDrop drop = new(stores, reports);
            Table.Row($"{reports:N0} reports and replies: filled in", $"{(await Clock.TimeAsync(drop.FillAsync)).TotalSeconds:F0} s");
            Clock.SettleDisk();
            List<GrowthFigure> figures = await drop.MeasureAsync();
            first ??= figures;
            foreach ((GrowthFigure figure, GrowthFigure fewest) in figures.Zip(first))
            {
                Table.Row($"  {figure.What}", $"{figure.Time.TotalMicroseconds:N0} µs", $"{figure.Time / fewest.Time:F2}");
            }
        }
    }
}
