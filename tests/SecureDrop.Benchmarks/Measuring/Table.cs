namespace SecureDrop.Benchmarks.Measuring;

/// <summary>Figures in columns: what, figure, beside what (a target or a peer of the same run).</summary>
internal static class Table
{
    internal static void Row(string what, string figure, string beside = "") => Console.WriteLine($"{what,-52}{figure,14}   {beside}".TrimEnd());

    internal static void Throughput(string what, long bytes, TimeSpan time, string beside = "") =>
        Row(what, $"{PerSecond(bytes, time):F0} MB/s", $"{time.TotalSeconds:F1} s{(beside.Length > 0 ? "; " + beside : "")}");

    internal static void Memory(string what, double megabytes, double mostInMegabytes) =>
        Row(what, $"{megabytes:F0} MB", $"target: under {mostInMegabytes:F0} MB{(megabytes < mostInMegabytes ? "" : "  MISSED")}");

    internal static double PerSecond(long bytes, TimeSpan time) => bytes / 1e6 / time.TotalSeconds;

    internal static string Ratio(TimeSpan peer, TimeSpan ours) => $"{peer / ours:F2} of the peer's rate";
}
