using System.Diagnostics;
using System.Globalization;

namespace SecureDrop.Benchmarks.Measuring;

/// <summary>What a process used: processor time, and the most memory it had resident, as Linux counts it (<c>VmHWM</c>; pages of files it maps included).</summary>
internal static class ProcessUse
{
    /// <summary>In MB of 1,000,000 bytes, since the start or the last <see cref="ResetPeak"/>.</summary>
    internal static double PeakInMegabytes(int process) => ReadInMegabytes(process, "VmHWM:");

    /// <summary>What is resident now.</summary>
    internal static double NowInMegabytes(int process) => ReadInMegabytes(process, "VmRSS:");

    /// <summary>The peak begins anew at what is resident now (proc(5), <c>clear_refs</c>: 5).</summary>
    internal static void ResetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5\n");

    /// <summary>Processor time of all its threads so far; on a busy machine it tells more than the wall clock.</summary>
    internal static TimeSpan ProcessorTime(int process)
    {
        using Process found = Process.GetProcessById(process);
        return found.TotalProcessorTime;
    }

    private static double ReadInMegabytes(int process, string name)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1_000_000;
    }
}
