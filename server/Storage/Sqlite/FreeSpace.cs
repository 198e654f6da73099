namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// Whether the disk has more than its floor left. A disk that fills to the last byte takes the machine's other services, and
/// the removal of days, with it.
/// </summary>
internal sealed class FreeSpace(DataFolder folder, long floorInBytes)
{
    private readonly DriveInfo _drive = new(Path.GetFullPath(folder.Path));

    /// <summary>What is left above the floor; negative below it.</summary>
    public long LeftInBytes => _drive.AvailableFreeSpace - floorInBytes;

    public bool IsLeft() => LeftInBytes > 0;
}
