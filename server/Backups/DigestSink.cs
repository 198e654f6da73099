using System.Security.Cryptography;

namespace SecureDrop.Server.Backups;

/// <summary>Keeps of one file its length and digest: what a store holds of a day is compared with a backup by it.</summary>
internal sealed class DigestSink : IBackupSink, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private BackupFile _file;
    private long _sizeInBytes;

    /// <summary>The file, once it has ended whole.</summary>
    public ManifestEntry? Entry { get; private set; }

    public Task BeginAsync(BackupFile file, CancellationToken cancel)
    {
        _file = file;
        return Task.CompletedTask;
    }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        _sizeInBytes += bytes.Length;
        _hash.AppendData(bytes.Span);
        return Task.CompletedTask;
    }

    public Task EndAsync(bool isWhole, CancellationToken cancel)
    {
        var digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
        Entry = isWhole ? new ManifestEntry(_file, _sizeInBytes, digest) : null;
        return Task.CompletedTask;
    }

    /// <summary>Why there is no file, where it cannot be read.</summary>
    public string? Problem { get; private set; }

    public Task LeaveOutAsync(string sentence, CancellationToken cancel)
    {
        Problem = sentence;
        return Task.CompletedTask;
    }

    public void Dispose() => _hash.Dispose();
}
