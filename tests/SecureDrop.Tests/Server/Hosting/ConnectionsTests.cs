using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using SecureDrop.Server.Hosting;
using Xunit;

namespace SecureDrop.Tests.Server.Hosting;

public sealed class ConnectionsTests
{
    private readonly FakeTimeProvider _time = new(RunningDrop.Start);
    private readonly List<AbortCounter> _all = [];

    [Fact]
    public void Newcomer_AllWaiting_TheLongestSilentMakesWay()
    {
        var connections = new Connections(3, _time);
        var seats = Enumerable.Range(0, 3).Select(_ => Take(connections)!).ToList();
        // The first has asked something meanwhile.
        seats[0].Begin();
        seats[0].End();
        Assert.NotNull(Take(connections));
        Assert.Equal([false, true, false, false], Aborted);
        Assert.NotNull(Take(connections));
        Assert.Equal([false, true, true, false, false], Aborted);
    }

    [Fact]
    public void Newcomer_AllAtWork_WaitsUntilOneWasSlow()
    {
        var connections = new Connections(2, _time);
        var (first, second) = (Take(connections)!, Take(connections)!);
        first.Begin();
        second.Begin();
        Assert.Null(Take(connections));
        _time.Advance(Connections.Grace);
        Assert.NotNull(Take(connections));
        Assert.Equal([true, false, false, false], Aborted);
        // What made way has no seat to give back.
        first.End();
        first.Begin();
        first.Hold();
        second.End();
        Assert.NotNull(Take(connections));
        Assert.True(_all[3].IsAborted || _all[1].IsAborted);
    }

    [Fact]
    public void Newcomer_AllHoldPlaces_IsTurnedAwayAndTheyStay()
    {
        var connections = new Connections(2, _time);
        foreach (var seat in new[] { Take(connections)!, Take(connections)! })
        {
            seat.Begin();
            seat.Hold();
        }
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(Take(connections));
        Assert.DoesNotContain(true, Aborted);
    }

    [Fact]
    public async Task Run_ConnectionEnds_ItsSeatIsFree()
    {
        var connections = new Connections(1, _time);
        for (var n = 0; n < 3; n++)
        {
            _all.Add(new AbortCounter());
            await connections.RunAsync(_all[^1], _ =>
            {
                var seat = _all[^1].Features.Get<Connections.Seat>()!;
                seat.Begin();
                seat.Hold();
                return Task.CompletedTask;
            });
        }
        Assert.DoesNotContain(true, Aborted);
    }

    private bool[] Aborted => [.. _all.Select(connection => connection.IsAborted)];

    private Connections.Seat? Take(Connections connections)
    {
        _all.Add(new AbortCounter());
        return connections.TryTake(_all[^1]);
    }

    private sealed class AbortCounter : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }
}
