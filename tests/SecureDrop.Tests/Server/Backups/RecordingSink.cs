using SecureDrop.Server.Backups;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>Takes a backup and keeps what its files were; a day that is left out with a sentence fails the test.</summary>
/// <param name="onBegin">What happens in the drop while a file begins to be read.</param>
internal sealed class RecordingSink(Func<BackupFile, Task> onBegin) : IBackupSink
{
    public List<BackupFile> Begun { get; } = [];
    public List<BackupFile> Whole { get; } = [];

    public Task BeginAsync(BackupFile file, CancellationToken cancel)
    {
        Begun.Add(file);
        return onBegin(file);
    }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => Task.CompletedTask;

    public Task EndAsync(bool isWhole, CancellationToken cancel)
    {
        if (isWhole)
            Whole.Add(Begun[^1]);
        return Task.CompletedTask;
    }

    public Task LeaveOutAsync(string sentence, CancellationToken cancel) => throw new InvalidOperationException(sentence);
}
