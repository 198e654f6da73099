namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>
/// How much the form takes in, in place of a proof of work, which needs a script. On all together, never on an address: whoever uses
/// it up shuts this form for others, and the page of the drop stays open.
/// </summary>
public sealed class PlainQuota(TimeProvider time)
{
    /// <summary>Reports that may come at once, after a quiet hour.</summary>
    public const int MostReports = 60;

    /// <summary>Time in which there is room for one more.</summary>
    public static readonly TimeSpan ReportEvery = TimeSpan.FromMinutes(1);

    /// <summary>Sealed bytes that may come at once.</summary>
    public const long MostBytes = 64L << 20;

    /// <summary>Sealed bytes for which there is room again in a day.</summary>
    public const long BytesADay = 256L << 20;

    private readonly Lock _lock = new();
    private readonly Allowance _reports = new(MostReports, 1 / ReportEvery.TotalSeconds);
    private readonly Allowance _bytes = new(MostBytes, BytesADay / TimeSpan.FromDays(1).TotalSeconds);
    private long _last = time.GetTimestamp();

    /// <summary>Takes room for one report.</summary>
    /// <returns>False when there is none; nothing is taken then.</returns>
    public bool TryTake(long sizeInBytes)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var seconds = time.GetElapsedTime(_last, now).TotalSeconds;
            _last = now;
            _reports.Grow(seconds);
            _bytes.Grow(seconds);
            if (!_reports.Has(1) || !_bytes.Has(sizeInBytes))
                return false;
            _reports.Take(1);
            _bytes.Take(sizeInBytes);
            return true;
        }
    }

    /// <summary>A token bucket.</summary>
    private sealed class Allowance
    {
        private readonly double _most;
        private readonly double _perSecond;
        private double _left;

        public Allowance(double most, double perSecond) => (_most, _perSecond, _left) = (most, perSecond, most);

        public void Grow(double seconds) => _left = Math.Min(_most, _left + Math.Max(0, seconds) * _perSecond);

        public bool Has(double amount) => _left >= amount;

        public void Take(double amount) => _left -= amount;
    }
}
