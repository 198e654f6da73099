using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using SecureDrop.Server.Intake;
using Xunit;

namespace SecureDrop.Tests.Server.Intake;

public sealed class BodyReaderTests
{
    private const int MostInBytes = 1 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(81_920)]
    [InlineData(131_072)]
    [InlineData(131_073)]
    [InlineData(MostInBytes - 1)]
    [InlineData(MostInBytes)]
    public async Task Read_UpToTheLimitWithoutAnnouncedLength_EveryByte(int size)
    {
        var sent = RandomNumberGenerator.GetBytes(size);
        using var body = await ReadAsync(new MemoryStream(sent), null);
        Assert.NotNull(body);
        Assert.Equal(sent, body.Bytes.ToArray());
    }

    [Fact]
    public async Task Read_InSmallPieces_EveryByte()
    {
        var sent = RandomNumberGenerator.GetBytes(300_000);
        using var body = await ReadAsync(new Age.DribblingStream(new MemoryStream(sent), 4093), sent.Length);
        Assert.Equal(sent, body!.Bytes.ToArray());
    }

    [Fact]
    public async Task Read_OneByteMoreThanTheLimit_Null()
    {
        Assert.Null(await ReadAsync(new MemoryStream(new byte[MostInBytes + 1]), null));
        Assert.Null(await ReadAsync(new MemoryStream([]), MostInBytes + 1));
    }

    [Fact]
    public async Task Dispose_OfABody_LeavesNothingOfItBehind()
    {
        var body = await ReadAsync(new MemoryStream([.. Enumerable.Repeat((byte)0xA5, 200_000)]), null);
        var bytes = body!.Bytes;
        body.Dispose();
        Assert.Equal(-1, bytes.Span.IndexOf((byte)0xA5));
        Assert.True(body.Bytes.IsEmpty);
        // A second return of the same buffer would hand it to two uploads at once.
        body.Dispose();
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(MostInBytes + 1)]
    public async Task Read_BrokenOffOrTooLong_LeavesNothingOfItBehind(int size)
    {
        using var source = new BreakingStream(size);
        if (size > MostInBytes)
            Assert.Null(await ReadAsync(source, null));
        else
            await Assert.ThrowsAsync<BadHttpRequestException>(() => ReadAsync(source, null));
        Assert.NotEmpty(source.Filled);
        Assert.All(source.Filled, buffer => Assert.Equal(-1, buffer.Span.IndexOf(BreakingStream.Filling)));
    }

    private static Task<Body?> ReadAsync(Stream sent, long? announced)
    {
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentLength) = (sent, announced);
        return BodyReader.ReadAsync(request, MostInBytes, BodyReader.Deadline, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Gives so many bytes and then fails; remembers where it put them.</summary>
    private sealed class BreakingStream(int size) : MemoryStream
    {
        public const byte Filling = 0xA5;
        private int _given;

        public List<Memory<byte>> Filled { get; } = [];

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, size - _given);
            if (count == 0)
                throw new IOException("The client has gone.");
            _given += count;
            buffer.Span[..count].Fill(Filling);
            // The byte behind the longest body is asked for into an array that is thrown away.
            if (buffer.Length > 1)
                Filled.Add(buffer[..count]);
            return ValueTask.FromResult(count);
        }
    }
}
