using SecureDrop.Server.Storage.Sqlite;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Sqlite;

public sealed class DataFolderTests
{
    [Fact]
    public void Open_FolderThatOthersMayEnter_IsClosedToThem()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no mode bits.");
            return;
        }
        using var temporary = new TemporaryFolder();
        var path = temporary.File("data");
        // As a package or a hurried administrator makes it: any user of the machine could read the day keys.
        Directory.CreateDirectory(path);
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(path, owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        using var folder = DataFolder.Open(path);
        Assert.Equal(owner, File.GetUnixFileMode(path));
    }
}
