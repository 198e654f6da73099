namespace SecureDrop.Server.Intake;

/// <summary>
/// How many bodies of one kind are taken in at a time: each is held in memory. A limit on all together, never on an address.
/// Each kind has places of its own, so that whoever floods one does not shut the others out.
/// </summary>
public abstract class Gate(int places)
{
    /// <summary>How many there are.</summary>
    public int Places => places;

    private int _running;

    /// <returns>Something to dispose when the body is done with; null when too many are.</returns>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _running) <= places)
            return new Place(this);
        Interlocked.Decrement(ref _running);
        return null;
    }

    private sealed class Place(Gate gate) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                Interlocked.Decrement(ref gate._running);
        }
    }
}

/// <summary>Uploads of sources: up to 1 MiB each.</summary>
public sealed class UploadGate() : Gate(96);

/// <summary>Batches of reviewers, who have logged in: up to 16 MiB each.</summary>
public sealed class BatchGate() : Gate(8);

/// <summary>Rosters, which anybody who reaches the reviewers' listener may send: up to 8 MiB each.</summary>
public sealed class RosterGate() : Gate(16);
