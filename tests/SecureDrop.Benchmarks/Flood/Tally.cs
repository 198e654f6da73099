using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>What became of a flood's requests.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<int, int> _answers = new();
    private long _began = Stopwatch.GetTimestamp();
    private long _sent;
    private int _broken;

    /// <summary>Answers that are neither a refusal with a reason nor a success: none may be.</summary>
    internal int Faults => _answers.Where(answer => answer.Key >= 500 && answer.Key != (int)HttpStatusCode.ServiceUnavailable).Sum(answer => answer.Value);

    /// <summary>Requests that were sent whole, answered or not.</summary>
    internal long SentInAll => Volatile.Read(ref _sent);

    internal void Sent(int requests) => Interlocked.Add(ref _sent, requests);

    internal void Answered(int status) => _answers.AddOrUpdate(status, 1, (_, count) => count + 1);

    /// <summary>The connection was not made, or closed.</summary>
    internal void Broke() => Interlocked.Increment(ref _broken);

    /// <summary>What came before was no part of the flood.</summary>
    internal void Begin()
    {
        _answers.Clear();
        (_sent, _broken, _began) = (0, 0, Stopwatch.GetTimestamp());
    }

    /// <summary>Sent, taken, refused and broken off, each a second.</summary>
    internal (double Sent, double Taken, double Refused, double Broken) Rates()
    {
        double seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        int taken = _answers.Where(answer => answer.Key < 400).Sum(answer => answer.Value);
        int refused = _answers.Where(answer => answer.Key >= 400).Sum(answer => answer.Value);
        return (SentInAll / seconds, taken / seconds, refused / seconds, _broken / seconds);
    }

    public override string ToString() => string.Join(", ", _answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Key}: {answer.Value}")
        .Prepend($"sent: {SentInAll}").Append($"broken: {_broken}"));
}
