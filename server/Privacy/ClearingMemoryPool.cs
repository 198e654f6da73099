using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace SecureDrop.Server.Privacy;

/// <summary>
/// The blocks through which requests and answers pass. The framework's own pool gives a block back as it is, and it may lie there,
/// with a visitor's headers in it, for as long as the server runs; here it is erased first.
/// </summary>
internal sealed class ClearingMemoryPool : MemoryPool<byte>
{
    /// <summary>As large as the framework's own.</summary>
    public const int BlockSizeInBytes = 4096;

    // 16 MiB: what a flood needed beyond that goes back to the collector.
    private const int MostKept = 4096;

    private readonly ConcurrentQueue<byte[]> _free = new();
    private volatile bool _isDisposed;

    public override int MaxBufferSize => BlockSizeInBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSizeInBytes);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        // Pinned, so that the collector neither moves it, which would leave a copy, nor is held up by the kernel that writes to it.
        return new Block(this, _free.TryDequeue(out var bytes) ? bytes : GC.AllocateArray<byte>(BlockSizeInBytes, pinned: true));
    }

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        _free.Clear();
    }

    private void Return(byte[] bytes)
    {
        Array.Clear(bytes);
        if (!_isDisposed && _free.Count < MostKept)
            _free.Enqueue(bytes);
    }

    private sealed class Block(ClearingMemoryPool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } mine)
                pool.Return(mine);
        }
    }
}

/// <summary>What the web server asks for its pools.</summary>
internal sealed class ClearingMemoryPoolFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ClearingMemoryPool();
}
