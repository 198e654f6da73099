using System.Buffers.Binary;

namespace SecureDrop.Server.Intake;

/// <summary>
/// The requests under way of each upload, and which uploads had to make way. A ticket pays for an upload, not for holding every place
/// there is, nor for holding one again and again: without this, one that was paid once would. Ids of uploads stay in memory with their
/// last request, those that made way for as long as a ticket is good.
/// </summary>
public sealed class InFlight(TimeProvider time)
{
    /// <summary>Requests at a time of an upload in parts.</summary>
    public const int MostOfOneUpload = 4;

    /// <summary>Requests at a time of a text, which is one.</summary>
    public const int MostOfOneText = 1;

    // As many as can be lost in that time if all places are, many times over; the oldest go first.
    private const int MostRemembered = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _requests = [];
    private readonly Dictionary<UInt128, DateTimeOffset> _madeWay = [];
    private readonly Queue<UInt128> _order = new();

    internal int Uploads => _requests.Count;

    /// <returns>To be disposed when done; null when this upload has as many as it may.</returns>
    public Request? TryBegin(ReadOnlySpan<byte> uploadId, int most)
    {
        var id = BinaryPrimitives.ReadUInt128BigEndian(uploadId);
        lock (_lock)
        {
            Forget(MostRemembered);
            var running = _requests.GetValueOrDefault(id);
            if (running >= most)
                return null;
            _requests[id] = running + 1;
            return new Request(this, id, _madeWay.ContainsKey(id));
        }
    }

    private void End(UInt128 id)
    {
        lock (_lock)
        {
            if (--_requests[id] == 0)
                _requests.Remove(id);
        }
    }

    private void Remember(UInt128 id)
    {
        lock (_lock)
        {
            Forget(MostRemembered - 1);
            if (_madeWay.TryAdd(id, time.GetUtcNow()))
                _order.Enqueue(id);
        }
    }

    /// <summary>Those whose time is over, and the oldest beyond so many.</summary>
    private void Forget(int most)
    {
        var now = time.GetUtcNow();
        while (_order.TryPeek(out var oldest) && (_order.Count > most || now - _madeWay[oldest] > TicketOffice.FirstUseWithin))
            _madeWay.Remove(_order.Dequeue());
    }

    /// <summary>One request.</summary>
    public sealed class Request : IDisposable
    {
        private readonly InFlight _all;
        private readonly UInt128 _id;
        private int _ended;

        internal Request(InFlight all, UInt128 id, bool hasMadeWay) => (_all, _id, HasMadeWay) = (all, id, hasMadeWay);

        /// <summary>Whether its upload lost a place lately, being the slowest: what it paid is used up, and it stands with those who paid less.</summary>
        public bool HasMadeWay { get; }

        /// <summary>It has lost its place.</summary>
        public void MadeWay() => _all.Remember(_id);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                _all.End(_id);
        }
    }
}
