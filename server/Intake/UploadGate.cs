namespace SecureDrop.Server.Intake;

/// <summary>How many bodies are taken in at a time: each may hold one part in memory. A limit on all together, never on an address.</summary>
public sealed class UploadGate
{
    private const int UploadsAtOnce = 96;

    private int _running;

    /// <returns>Something to dispose when the upload is done; null when too many run.</returns>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _running) <= UploadsAtOnce)
            return new Place(this);
        Interlocked.Decrement(ref _running);
        return null;
    }

    private sealed class Place(UploadGate gate) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                Interlocked.Decrement(ref gate._running);
        }
    }
}
