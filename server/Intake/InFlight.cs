using System.Buffers.Binary;

namespace SecureDrop.Server.Intake;

/// <summary>
/// The requests under way of each upload. A ticket pays for an upload, not for holding every place there is: without this, one that
/// was paid once would. Ids are forgotten with their last request.
/// </summary>
public sealed class InFlight
{
    /// <summary>Requests of one upload at a time.</summary>
    public const int MostOfOneUpload = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _requests = [];

    internal int Uploads => _requests.Count;

    /// <returns>To be disposed when done; null when this upload has as many as it may.</returns>
    public IDisposable? TryBegin(ReadOnlySpan<byte> uploadId)
    {
        var id = BinaryPrimitives.ReadUInt128BigEndian(uploadId);
        lock (_lock)
        {
            var running = _requests.GetValueOrDefault(id);
            if (running >= MostOfOneUpload)
                return null;
            _requests[id] = running + 1;
        }
        return new Request(this, id);
    }

    private void End(UInt128 id)
    {
        lock (_lock)
        {
            if (--_requests[id] == 0)
                _requests.Remove(id);
        }
    }

    private sealed class Request(InFlight all, UInt128 id) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                all.End(id);
        }
    }
}
