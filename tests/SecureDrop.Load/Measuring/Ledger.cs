using System.Collections.Concurrent;
using System.Net;
using SecureDrop.Benchmarks.Drop;

namespace SecureDrop.Load.Measuring;

/// <summary>What became of a run's calls: how long each kind of visit took, what was refused and why, and what was acknowledged.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _times = new();
    private readonly ConcurrentDictionary<string, int> _busy = new();
    private readonly ConcurrentDictionary<string, int> _errors = new();
    private readonly ConcurrentDictionary<string, int> _acknowledged = new();
    private readonly ConcurrentDictionary<string, int> _unknown = new();
    private long _bytes;

    /// <summary>Acknowledged uploads, by the digest of their bytes.</summary>
    internal IReadOnlyDictionary<string, int> Acknowledged => _acknowledged;

    /// <summary>Uploads of which no answer came, likewise: they may be there or not, whatever became of another try with the same bytes.</summary>
    internal IReadOnlyDictionary<string, int> Unknown => _unknown;

    /// <summary>Answers 503, by their sentence.</summary>
    internal IReadOnlyDictionary<string, int> Busy => _busy;

    /// <summary>Whatever else was no success.</summary>
    internal IReadOnlyDictionary<string, int> Errors => _errors;

    /// <summary>Bytes of acknowledged bodies.</summary>
    internal long Bytes => _bytes;

    internal IEnumerable<(string Kind, double[] Seconds)> Times => _times.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => (kind.Key, kind.Value.Order().ToArray()));

    internal void Took(string kind, TimeSpan time) => _times.GetOrAdd(kind, _ => []).Add(time.TotalSeconds);

    internal void Acknowledge(string digest) => _acknowledged.AddOrUpdate(digest, 1, (_, count) => count + 1);

    internal void Sent(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void NoAnswer(string digest) => _unknown.AddOrUpdate(digest, 1, (_, count) => count + 1);

    internal void Failed(Exception e)
    {
        ConcurrentDictionary<string, int> list = e is RefusedException { Status: HttpStatusCode.ServiceUnavailable, Sentence.Length: > 0 } ? _busy : _errors;
        list.AddOrUpdate(e.Message.Split('\n')[0], 1, (_, count) => count + 1);
    }
}
