using System.Buffers;
using System.Collections.Concurrent;

namespace SecureDrop.Server.Intake;

/// <summary>
/// A body as it was read, in a buffer that is used again: one new array for each part of a large report would leave a hundred
/// megabytes for the collector to find. Whoever is handed <see cref="Bytes"/> must be done with them when this is disposed.
/// </summary>
public sealed class Body : IDisposable
{
    /// <summary>Up to a part; the shared pool makes powers of two, and of a form of 17 MB would make 32 MiB.</summary>
    private const int LargestSharedInBytes = 1 << 20;

    /// <summary>As many as there may be forms of that size at once.</summary>
    private const int MostLargeKept = 2;

    private static readonly ConcurrentQueue<byte[]> Large = new();

    private byte[] _buffer;
    private int _length;

    internal Body(int sizeInBytes) => _buffer = Rent(sizeInBytes);

    /// <summary>What has arrived.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    internal int Length => _length;

    /// <summary>Room behind it; never empty.</summary>
    internal Memory<byte> Free(int mostInBytes)
    {
        // From a part's size to the largest at once: what lies between would be left for the collector to find.
        if (_length == _buffer.Length)
            Grow(_buffer.Length < LargestSharedInBytes ? Math.Min(_buffer.Length * 8, mostInBytes) : mostInBytes);
        return _buffer.AsMemory(_length, Math.Min(_buffer.Length, mostInBytes) - _length);
    }

    internal void Advance(int count) => _length += count;

    /// <summary>The buffer goes back emptied: what one visitor sent stays in memory no longer than it is needed.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        var used = Interlocked.Exchange(ref _length, 0);
        if (buffer.Length > 0)
            Return(buffer, used);
    }

    /// <summary>Lets go of the large buffers that nobody uses.</summary>
    public static void Trim() => Large.Clear();

    private static byte[] Rent(int sizeInBytes) =>
        sizeInBytes <= LargestSharedInBytes ? ArrayPool<byte>.Shared.Rent(sizeInBytes)
        : Large.TryDequeue(out var kept) && kept.Length >= sizeInBytes ? kept
        : GC.AllocateUninitializedArray<byte>(sizeInBytes);

    private void Grow(int sizeInBytes)
    {
        var larger = Rent(sizeInBytes);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_buffer, _length);
        _buffer = larger;
    }

    private static void Return(byte[] buffer, int used)
    {
        buffer.AsSpan(0, used).Clear();
        if (buffer.Length <= LargestSharedInBytes)
            ArrayPool<byte>.Shared.Return(buffer);
        else if (Large.Count < MostLargeKept)
            Large.Enqueue(buffer);
    }
}
