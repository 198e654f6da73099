using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Server.Intake;

/// <summary>
/// Checks proofs of work, a few at a time, with a bounded number waiting: half a millisecond each is what an attacker's
/// forged solution may cost, and no more of them than this at once.
/// </summary>
public sealed class SolutionQueue : IDisposable
{
    /// <summary>
    /// As many as there are connections of a listener as it comes, each of which waits for one answer at a time: then nobody is turned
    /// away for the forgeries of others, and waits a second at the most.
    /// </summary>
    public const int Waiting = 2048;

    private readonly SemaphoreSlim _running = new(Math.Max(1, Environment.ProcessorCount - 1));
    private int _inQueue;

    public void Dispose() => _running.Dispose();

    /// <returns>Whether the solution pays; null when the queue is full.</returns>
    public async Task<bool?> VerifyAsync(string headerValue, ReadOnlyMemory<byte> uploadId, uint block, int difficulty, CancellationToken cancel)
    {
        if (difficulty == 0)
            return Solution.Verify(headerValue, uploadId.Span, block, difficulty);
        if (Interlocked.Increment(ref _inQueue) > Waiting)
        {
            Interlocked.Decrement(ref _inQueue);
            return null;
        }
        try
        {
            await _running.WaitAsync(cancel);
            try
            {
                return Solution.Verify(headerValue, uploadId.Span, block, difficulty);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inQueue);
        }
    }
}
