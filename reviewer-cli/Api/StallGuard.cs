using SecureDrop.Crypto.Streaming;

namespace SecureDrop.Reviewer.Api;

/// <summary>A body that stops coming is a broken connection, however long the whole may take on a slow circuit.</summary>
internal sealed class StallGuard(Stream body, IDisposable owner, TimeSpan patience) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stalled.CancelAfter(patience);
        try
        {
            return await body.ReadAsync(buffer, stalled.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The server stopped sending.", e);
        }
    }

    public override int Read(Span<byte> buffer) => body.Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            owner.Dispose();
        }

        base.Dispose(disposing);
    }
}
