using SecureDrop.Server.Options;

namespace SecureDrop.Server.Intake;

/// <summary>
/// How many of one kind are under way at a time. A limit on all together, never on an address. Each kind has places of its own, so
/// that whoever floods one does not shut the others out. When all are taken, whoever is slowest makes way, once it has had
/// <see cref="Grace"/>: a client that trickles bytes may take as long as it likes while nobody else wants its place.
/// </summary>
/// <param name="places">How many there are.</param>
/// <param name="time">The clock.</param>
public abstract class Gate(int places, TimeProvider time)
{
    /// <summary>For so long a place is its holder's, however slow.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>For so long <see cref="EnterAsync"/> waits for a place.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>For each place so many wait at the most.</summary>
    public const int WaitingForEach = 4;

    // Nobody says so when somebody's grace is over.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Place> _taken = new(places);
    private readonly LinkedList<Turn> _waiting = new();

    /// <summary>How many there are.</summary>
    public int Places => places;

    /// <summary>How many are taken: 0 to 1.</summary>
    public double Share
    {
        get
        {
            lock (_lock)
                return _taken.Count / (double)places;
        }
    }

    /// <param name="paysInFull">False for whoever paid less than is asked now: of those, half of the places at the most.</param>
    /// <returns>To be disposed when done; null when all are taken and nobody has to make way.</returns>
    public Place? TryEnter(bool paysInFull = true)
    {
        var now = time.GetTimestamp();
        Place? slowest = null;
        Place place;
        lock (_lock)
        {
            var isHalfCheap = !paysInFull && IsHalfCheap;
            if (isHalfCheap || _taken.Count >= places)
            {
                slowest = _taken.Where(taken => !(isHalfCheap && taken.PaysInFull) && time.GetElapsedTime(taken.Since, now) >= Grace).MinBy(taken => taken.Moved / time.GetElapsedTime(taken.Since, now).TotalSeconds);
                if (slowest is null)
                    return null;
                _taken.Remove(slowest);
            }
            place = new Place(this, now, paysInFull);
            _taken.Add(place);
        }
        slowest?.MakeWay();
        return place;
    }

    /// <summary>
    /// As <see cref="TryEnter"/>, but where all are taken whoever comes waits in a row, for <see cref="Patience"/> and before a byte of its body
    /// is read. A large report is a thousand requests: told each time to come back later, it would stand still while those who have a
    /// place, and ask for the next one at once, had it again and again.
    /// </summary>
    /// <returns>To be disposed when done; null when nobody made way, or too many wait.</returns>
    public async Task<Place?> EnterAsync(bool paysInFull, CancellationToken cancel)
    {
        if (TryEnter(paysInFull) is { } atOnce)
            return atOnce;
        var since = time.GetTimestamp();
        var turn = Wait(paysInFull, isFirst: false);
        try
        {
            while (turn is not null && time.GetElapsedTime(since) < Patience)
            {
                await Task.WhenAny(turn.Value.HasCome.Task, Task.Delay(LookAgainAfter, time, cancel));
                cancel.ThrowIfCancellationRequested();
                if (TryEnter(paysInFull) is { } place)
                    return place;
                if (!turn.Value.HasCome.Task.IsCompleted)
                    continue;
                // It was this one's turn, and somebody else was quicker.
                WaitNoMore(turn);
                turn = Wait(paysInFull, isFirst: true);
            }
            return null;
        }
        finally
        {
            if (turn is not null)
                WaitNoMore(turn);
        }
    }

    private bool IsHalfCheap => _taken.Count(taken => !taken.PaysInFull) >= places / 2;

    private LinkedListNode<Turn>? Wait(bool paysInFull, bool isFirst)
    {
        var turn = new LinkedListNode<Turn>(new(paysInFull, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        lock (_lock)
        {
            if (isFirst)
                _waiting.AddFirst(turn);
            else if (_waiting.Count < places * WaitingForEach)
                _waiting.AddLast(turn);
            else
                return null;
        }
        return turn;
    }

    private void WaitNoMore(LinkedListNode<Turn> turn)
    {
        lock (_lock)
        {
            if (turn.List is not null)
                _waiting.Remove(turn);
            else if (_taken.Count < places)
                CallNext(); // Called, and gone: the place is the next one's.
        }
    }

    private void Leave(Place place)
    {
        lock (_lock)
        {
            if (_taken.Remove(place))
                CallNext();
        }
    }

    /// <summary>The first for whom there is a place now: those who paid too little must not keep those behind them waiting.</summary>
    private void CallNext()
    {
        var isHalfCheap = IsHalfCheap;
        var next = _waiting.First;
        while (next is not null && isHalfCheap && !next.Value.PaysInFull)
            next = next.Next;
        if (next is null)
            return;
        _waiting.Remove(next);
        next.Value.HasCome.SetResult();
    }

    private sealed record Turn(bool PaysInFull, TaskCompletionSource HasCome);

    /// <summary>A place at a gate.</summary>
    public sealed class Place : IDisposable
    {
        private readonly Gate _gate;
        private readonly CancellationTokenSource _makeWay = new();
        private long _moved;

        internal Place(Gate gate, long since, bool paysInFull) => (_gate, Since, PaysInFull) = (gate, since, paysInFull);

        /// <summary>Set when another takes the place.</summary>
        public CancellationToken Lost => _makeWay.Token;

        internal long Since { get; }

        internal bool PaysInFull { get; }

        internal long Moved => Volatile.Read(ref _moved);

        /// <summary>Bytes came or went: by these the slowest is found.</summary>
        public void Move(int bytes) => Interlocked.Add(ref _moved, bytes);

        internal void MakeWay() => _makeWay.Cancel();

        // The source is not disposed: it holds nothing, and MakeWay may be on its way.
        public void Dispose() => _gate.Leave(this);
    }
}

/// <summary>Reports of the smallest class.</summary>
public sealed class TextGate(LimitOptions limits, TimeProvider time) : Gate(limits.TextsAtOnce, time);

/// <summary>Parts of larger ones: up to 1 MiB each, in memory.</summary>
public sealed class PartGate(LimitOptions limits, TimeProvider time) : Gate(limits.PartsAtOnce, time);

/// <summary>Commits, of a few bytes: nobody who sent all parts waits behind those who send theirs.</summary>
public sealed class CommitGate(LimitOptions limits, TimeProvider time) : Gate(limits.PartsAtOnce, time);

/// <summary>Batches of reviewers, who have logged in: up to 15 MiB each.</summary>
public sealed class BatchGate(TimeProvider time) : Gate(MostAtOnce, time)
{
    public const int MostAtOnce = 8;
}

/// <summary>Rosters, which anybody who reaches the reviewers' listener may send: up to 8 MiB each.</summary>
public sealed class RosterGate(TimeProvider time) : Gate(MostAtOnce, time)
{
    public const int MostAtOnce = 16;
}
