using System.IO.MemoryMappedFiles;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>
/// A disk that cannot make anything durable, and a clock that is wrong, for a real process: a library put before libc's (faults.c), compiled
/// by the machine's own compiler. Without one, or elsewhere than on Linux, the test is skipped and says so.
/// </summary>
internal sealed class FaultShim : IDisposable
{
    private const int SizeInBytes = 4096;
    private const int SkipAt = 0;
    private const int FailAt = 4;
    private const int FailedAt = 8;
    private const int ClockOffsetAt = 16;

    private static readonly StockProgram Compiler = StockProgram.Installed("gcc", "Debian's gcc");

    private readonly TemporaryFolder _folder;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _orders;

    private FaultShim(TemporaryFolder folder)
    {
        _folder = folder;
        _file = MemoryMappedFile.CreateFromFile(folder.File("orders"), FileMode.CreateNew, null, SizeInBytes);
        _orders = _file.CreateViewAccessor(0, SizeInBytes);
    }

    /// <summary>The variables of a process that obeys.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = _folder.File("faults.so"), ["SECUREDROP_TEST_FAULTS"] = _folder.File("orders"),
    };

    /// <summary>How often fsync, fdatasync or syncfs has failed.</summary>
    public int Failed => _orders.ReadInt32(FailedAt);

    /// <summary>By so much the clock is ahead.</summary>
    public TimeSpan ClockOffset
    {
        set => _orders.Write(ClockOffsetAt, (long)value.TotalSeconds);
    }

    public static async Task<FaultShim> CreateAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "LD_PRELOAD is Linux's.");
        Compiler.OrSkip();
        var folder = new TemporaryFolder();
        var source = Path.Combine(StockProgram.RepositoryRoot, "tests", "SecureDrop.Tests", "Server", "Faults", "faults.c");
        (await Compiler.RunAsync(["-std=gnu11", "-O2", "-Wall", "-Wno-builtin-declaration-mismatch", "-shared", "-fPIC", "-nostdlib", "-o", folder.File("faults.so"), source])).MustSucceed();
        return new FaultShim(folder);
    }

    /// <summary>After so many more of them, so many calls that make something durable fail.</summary>
    public void FailSyncs(int after, int count)
    {
        _orders.Write(FailAt, 0);
        _orders.Write(SkipAt, after);
        _orders.Write(FailAt, count);
    }

    /// <summary>The disk is well again.</summary>
    public void Mend() => FailSyncs(0, 0);

    public void Dispose()
    {
        _orders.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }
}
