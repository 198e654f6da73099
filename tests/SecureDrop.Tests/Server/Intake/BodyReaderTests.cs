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

    private static Task<Body?> ReadAsync(Stream sent, long? announced)
    {
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentLength) = (sent, announced);
        return BodyReader.ReadAsync(request, MostInBytes, TimeProvider.System, CancellationToken.None);
    }
}
