using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SecureDrop.Crypto.Streaming;

/// <summary>
/// What a power cut does not take back; and where the disk cannot promise that, it is said. <see cref="FileStream.Flush(bool)"/> does not say it:
/// on Linux the runtime takes any answer of fsync for a yes (dotnet/runtime, pal_io.c, SystemNative_FSync, up to .NET 10 at least: measured).
/// </summary>
public static partial class DurableFile
{
    // errno of Linux; EINVAL and its like come from what cannot be synchronized at all, and nothing is lost by that.
    private const int InputOutputError = 5;
    private const int InvalidArgument = 22;
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Makes what was written to a file last.</summary>
    /// <exception cref="IOException">The disk says that it may not be there.</exception>
    public static void Flush(FileStream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!OperatingSystem.IsLinux())
        {
            file.Flush(flushToDisk: true);
            return;
        }

        file.Flush();
        Require(Fsync(file.SafeFileHandle), file.Name);
    }

    /// <summary>Makes the bytes of a file last, and its length; not its times.</summary>
    /// <exception cref="IOException">The disk says that they may not be there.</exception>
    public static void FlushData(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsLinux())
        {
            // Any no but that of what cannot be synchronized at all: a file system that turned read-only says neither that its disk failed nor that it is full.
            if (Fdatasync(file) != 0 && Marshal.GetLastPInvokeError() is not InvalidArgument and var error)
            {
                throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
            }
        }
        else
        {
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Makes the names in a folder last.</summary>
    /// <exception cref="IOException">The disk says that they may not be there.</exception>
    public static void FlushFolder(string folder) => Synchronize(folder, Fsync);

    /// <summary>Makes everything that was written to the file system of a folder last: for many files, each of which would cost a wait of its
    /// own.</summary>
    /// <exception cref="IOException">The disk says that something may not be there.</exception>
    public static void FlushFileSystem(string folder)
    {
        if (OperatingSystem.IsLinux())
        {
            Synchronize(folder, SyncFileSystem);
        }
        else if (!OperatingSystem.IsWindows())
        {
            SyncAll();
        }
    }

    private static void Synchronize(string folder, Func<int, int> call)
    {
        int descriptor = OperatingSystem.IsWindows() ? -1 : Open(folder, 0);
        if (descriptor < 0)
        {
            return;
        }

        try
        {
            Require(call(descriptor), folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static void Require(int result, string path)
    {
        int error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (error is InputOutputError or NoSpace or QuotaExceeded)
        {
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void SyncAll();

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
