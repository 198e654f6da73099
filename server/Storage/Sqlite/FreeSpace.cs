namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Whether the disk has more than its floor left. A disk that fills to the last byte takes the machine's other services, and
/// the removal of days, with it.
/// </summary>
internal sealed class FreeSpace(DataFolder folder, long floorInBytes)
{
    private readonly DriveInfo _drive = new(Path.GetFullPath(folder.Path));

    public bool IsLeft() => _drive.AvailableFreeSpace > floorInBytes;
}
