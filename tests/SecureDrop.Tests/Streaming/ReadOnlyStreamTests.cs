using SecureDrop.Crypto.Streaming;
using Xunit;

namespace SecureDrop.Tests.Streaming;

public sealed class ReadOnlyStreamTests
{
    [Fact]
    public async Task Read_EveryWay_BringsTheBytesOfTheSubclass()
    {
        byte[] buffer = new byte[4];
        using Counting stream = new();
        Assert.Equal(2, stream.Read(buffer.AsSpan(0, 2)));
#pragma warning disable CA1835, CA2022 // The old ways are what is tried here.
        Assert.Equal(1, stream.Read(buffer, 2, 1));
        Assert.Equal(1, await stream.ReadAsync(buffer, 3, 1, TestContext.Current.CancellationToken));
#pragma warning restore CA1835, CA2022
        Assert.Equal([1, 2, 3, 4], buffer);
        Assert.Equal(4, await stream.ReadAsync(buffer.AsMemory(), TestContext.Current.CancellationToken));
        Assert.Equal([5, 6, 7, 8], buffer);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadAsync(buffer.AsMemory(), new CancellationToken(canceled: true)).AsTask());
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Read(buffer, 3, 2));
    }

    [Fact]
    public void AnythingElse_IsRefused()
    {
        using Counting stream = new();
        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        stream.Flush();
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write([1], 0, 1));
        Assert.Throws<NotSupportedException>(() => stream.Write([1]));
    }

    private sealed class Counting : ReadOnlyStream
    {
        private byte _last;

        public override int Read(Span<byte> buffer)
        {
            foreach (ref byte value in buffer)
            {
                value = ++_last;
            }

            return buffer.Length;
        }
    }
}
