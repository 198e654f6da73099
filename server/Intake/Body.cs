using System.Buffers;

namespace SecureDrop.Server.Intake;

/// <summary>
/// A body as it was read, in a buffer that is used again: one new array for each part of a large report would leave a hundred
/// megabytes for the collector to find. Whoever is handed <see cref="Bytes"/> must be done with them when this is disposed.
/// </summary>
public sealed class Body : IDisposable
{
    private byte[] _buffer;
    private int _length;

    internal Body(int sizeInBytes) => _buffer = ArrayPool<byte>.Shared.Rent(sizeInBytes);

    /// <summary>What has arrived.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    internal int Length => _length;

    /// <summary>Room behind it; never empty.</summary>
    internal Memory<byte> Free(int mostInBytes)
    {
        if (_length == _buffer.Length)
            Grow(Math.Min(_buffer.Length * 8, mostInBytes));
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

    private void Grow(int sizeInBytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(sizeInBytes);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_buffer, _length);
        _buffer = larger;
    }

    private static void Return(byte[] buffer, int used)
    {
        buffer.AsSpan(0, used).Clear();
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
