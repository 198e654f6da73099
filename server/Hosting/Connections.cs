using Microsoft.AspNetCore.Connections;

namespace SecureDrop.Server.Hosting;

/// <summary>
/// The connections of a listener. When all are taken a newcomer is not turned away: the one that has been waiting longest without
/// asking anything makes way, and failing that, one whose request was slow and has no place at any gate. So whoever opens thousands
/// and says nothing, or next to nothing, shuts out only itself. Without addresses, which do not exist behind tor and are not looked at
/// elsewhere, this is what can be done.
/// </summary>
/// <param name="most">How many there may be.</param>
/// <param name="time">The clock.</param>
internal sealed class Connections(int most, TimeProvider time)
{
    /// <summary>A request without a place may take so long before it has to make way.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>How many there may be.</summary>
    public int Most => most;

    private readonly Lock _lock = new();
    private readonly LinkedList<Seat> _waiting = new();
    private readonly LinkedList<Seat> _working = new();
    private int _holding;

    /// <summary>Runs a connection from its beginning to its end.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (TryTake(connection) is not { } seat)
        {
            connection.Abort();
            return;
        }
        connection.Features.Set(seat);
        try
        {
            await next(connection);
        }
        finally
        {
            Move(seat, null);
        }
    }

    internal Seat? TryTake(ConnectionContext connection)
    {
        Seat? oldest = null;
        var seat = new Seat(this, connection);
        lock (_lock)
        {
            if (_waiting.Count + _working.Count + _holding >= most)
            {
                oldest = _waiting.First?.Value;
                if (oldest is null && _working.First?.Value is { } slow && time.GetElapsedTime(slow.Since) >= Grace)
                    oldest = slow;
                if (oldest is null)
                    return null;
                Put(oldest, null);
            }
            Put(seat, _waiting);
        }
        oldest?.Connection.Abort(new ConnectionAbortedException("Others wait."));
        return seat;
    }

    private void Move(Seat seat, LinkedList<Seat>? to)
    {
        lock (_lock)
        {
            // One that made way stays out, whatever its request still does.
            if (seat.Node.List is not null || seat.IsHolding)
                Put(seat, to);
        }
    }

    private void Hold(Seat seat)
    {
        lock (_lock)
        {
            if (seat.Node.List is null)
                return;
            Put(seat, null);
            seat.IsHolding = true;
            _holding++;
        }
    }

    private void Put(Seat seat, LinkedList<Seat>? to)
    {
        if (seat.IsHolding)
            _holding--;
        seat.IsHolding = false;
        seat.Node.List?.Remove(seat.Node);
        seat.Since = time.GetTimestamp();
        to?.AddLast(seat.Node);
    }

    /// <summary>One connection's.</summary>
    internal sealed class Seat
    {
        private readonly Connections _all;

        public Seat(Connections all, ConnectionContext connection)
        {
            (_all, Connection) = (all, connection);
            Node = new LinkedListNode<Seat>(this);
        }

        public ConnectionContext Connection { get; }
        public LinkedListNode<Seat> Node { get; }
        public bool IsHolding { get; set; }
        public long Since { get; set; }

        /// <summary>A request has come, whole but for its body.</summary>
        public void Begin() => _all.Move(this, _all._working);

        /// <summary>It has a place at a gate (or a session), where it is measured against its like: it makes way for none but those.</summary>
        public void Hold() => _all.Hold(this);

        /// <summary>It is answered.</summary>
        public void End() => _all.Move(this, _all._waiting);
    }
}
