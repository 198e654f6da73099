using System.Diagnostics;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>A disk of a few kilobytes (tmpfs), mounted on a folder; where this process may not mount, the test is skipped and says so.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int sizeInKibibytes)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        (int code, string error) = Run("mount", "-t", "tmpfs", "-o", $"size={sizeInKibibytes}k", "tmpfs", folder);
        Assert.SkipWhen(code != 0, $"A small disk cannot be mounted here (only root may): {error}");
    }

    /// <summary>Skips the running test before it makes anything.</summary>
    public static void OrSkip()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "tmpfs is Linux's.");
        using Server.TemporaryFolder folder = new();
        using SmallDisk tried = new(folder.Path, 64);
    }

    public void Resize(int sizeInKibibytes)
    {
        (int code, string error) = Run("mount", "-o", $"remount,size={sizeInKibibytes}k", _folder);
        Assert.True(code == 0, error);
    }

    public void MakeReadOnly()
    {
        (int code, string error) = Run("mount", "-o", "remount,ro", _folder);
        Assert.True(code == 0, error);
    }

    /// <summary>Takes all room that is left; the result gives it back.</summary>
    public IDisposable Fill()
    {
        string filler = Path.Combine(_folder, "filler");
        using FileStream file = File.Create(filler, 1);
        try
        {
            for (byte[] page = new byte[4096]; ;)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // Full, as it is meant to be.
        }

        return new Room(filler);
    }

    public void Dispose() => Run("umount", "-l", _folder);

    private static (int Code, string Error) Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.Trim());
    }

    private sealed class Room(string filler) : IDisposable
    {
        public void Dispose() => File.Delete(filler);
    }
}
