using System.Runtime.InteropServices;

namespace SecureDrop.Benchmarks.Measuring;

/// <summary>What a figure was measured on, in one line: a figure without it says nothing.</summary>
internal static class Machine
{
    internal static void Print(string? fileSystem = null)
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
        string disk = fileSystem is null ? "" : $", files on {fileSystem}";
        Console.WriteLine($"machine: {Environment.ProcessorCount} × {processor}, {RuntimeInformation.FrameworkDescription}{disk}");
    }
}
