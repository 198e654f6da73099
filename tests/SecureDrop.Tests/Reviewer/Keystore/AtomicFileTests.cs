using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Keystore;

public sealed class AtomicFileTests
{
    [Fact]
    public void Write_WriterThrows_OldFileStaysAndNothingIsLeft()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a");
        AtomicFile.Write(path, "old"u8.ToArray());
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_DiskFull_IsOneSentenceAndOldFileStays()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a");
        AtomicFile.Write(path, "old"u8.ToArray());
        ReviewerException e = Assert.Throws<ReviewerException>(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device", 28)));
        Assert.Equal(ExitCode.DiskFull, e.ExitCode);
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void Write_NewFile_IsTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes of files are Unix's.");
            return;
        }

        using TemporaryFolder folder = new();
        string path = folder.File("a");
        AtomicFile.Write(path, "x"u8.ToArray());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Write_NoOverwrite_LeavesWhatIsThere()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a");
        AtomicFile.Write(path, "old"u8.ToArray());
        ReviewerException e = Assert.Throws<ReviewerException>(() => AtomicFile.Write(path, "new"u8.ToArray(), overwrite: false));
        Assert.Equal(ExitCode.AlreadyThere, e.ExitCode);
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void Create_WideHome_IsNarrowed()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes of files are Unix's.");
            return;
        }

        using TemporaryFolder folder = new();
        string path = folder.File("home");
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        new HomeDirectory(path).Create();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Take_HeldAlready_IsBusy()
    {
        using TemporaryFolder folder = new();
        HomeDirectory home = new(folder.File("home"));
        using (HomeLock.Take(home))
        {
            Assert.Equal(ExitCode.Busy, Assert.Throws<ReviewerException>(() => HomeLock.Take(home)).ExitCode);
        }

        HomeLock.Take(home).Dispose();
    }
}
