using Microsoft.Extensions.Time.Testing;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Options;
using Xunit;

namespace SecureDrop.Tests.Server.Intake;

public sealed class GateTests
{
    private readonly FakeTimeProvider _time = new(RunningDrop.Start);

    [Fact]
    public void TryEnter_AllTaken_NobodyUntilTheSlowestHadItsTime()
    {
        var gate = NewGate(3);
        var places = Enumerable.Range(0, 3).Select(_ => gate.TryEnter()!).ToList();
        places[0].Move(1000);
        places[1].Move(10);
        places[2].Move(500);
        _time.Advance(Gate.Grace - TimeSpan.FromSeconds(1));
        Assert.Null(gate.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(gate.TryEnter());
        Assert.Equal([false, true, false], places.Select(place => place.Lost.IsCancellationRequested));
        Assert.Equal(1, gate.Share);
        places[1].Dispose();
        Assert.Equal(1, gate.Share);
        Assert.NotNull(gate.TryEnter());
        Assert.True(places[2].Lost.IsCancellationRequested);
    }

    [Fact]
    public void TryEnter_Slower_IsByRateAndNotByBytes()
    {
        var gate = NewGate(2);
        var old = gate.TryEnter()!;
        old.Move(100_000);
        _time.Advance(TimeSpan.FromMinutes(10));
        var young = gate.TryEnter()!;
        young.Move(50_000);
        _time.Advance(Gate.Grace);
        Assert.NotNull(gate.TryEnter());
        Assert.True(old.Lost.IsCancellationRequested);
        Assert.False(young.Lost.IsCancellationRequested);
    }

    [Fact]
    public void TryEnter_PaidLess_HalfOfThePlacesAndNoneOfThoseWhoPaid()
    {
        var gate = NewGate(4);
        var cheap = gate.TryEnter(paysInFull: false)!;
        using (gate.TryEnter(paysInFull: false))
            Assert.Null(gate.TryEnter(paysInFull: false));
        Assert.NotNull(gate.TryEnter(paysInFull: false));
        var paid = new[] { gate.TryEnter()!, gate.TryEnter()! };
        Assert.Null(gate.TryEnter());
        cheap.Move(1);
        _time.Advance(Gate.Grace);
        // The slowest are those who paid, but only their like makes way for who did not.
        Assert.NotNull(gate.TryEnter(paysInFull: false));
        Assert.NotNull(gate.TryEnter(paysInFull: false));
        Assert.True(cheap.Lost.IsCancellationRequested);
        Assert.DoesNotContain(paid, place => place.Lost.IsCancellationRequested);
        Assert.NotNull(gate.TryEnter());
        Assert.Contains(paid, place => place.Lost.IsCancellationRequested);
    }

    [Fact]
    public void Dispose_Twice_OnePlace()
    {
        var gate = NewGate(2);
        var (first, second) = (gate.TryEnter()!, gate.TryEnter()!);
        first.Dispose();
        first.Dispose();
        Assert.NotNull(gate.TryEnter());
        Assert.Null(gate.TryEnter());
        second.Dispose();
    }

    [Fact]
    public void InFlight_OneUpload_FourRequestsAndNoMemoryOfThem()
    {
        var inFlight = new InFlight(_time);
        byte[] id = [.. Enumerable.Repeat((byte)1, 16)], other = [.. Enumerable.Repeat((byte)2, 16)];
        var requests = Enumerable.Range(0, 4).Select(_ => inFlight.TryBegin(id, 4)).ToList();
        Assert.All(requests, Assert.NotNull);
        Assert.Null(inFlight.TryBegin(id, 4));
        using (inFlight.TryBegin(other, 1))
            Assert.Equal(2, inFlight.Uploads);
        requests[0]!.Dispose();
        requests[0]!.Dispose();
        using (inFlight.TryBegin(id, 4))
            Assert.Null(inFlight.TryBegin(id, 4));
        requests.ForEach(request => request!.Dispose());
        Assert.Equal(0, inFlight.Uploads);
    }

    [Fact]
    public void InFlight_UploadThatMadeWay_IsKnownForAsLongAsItsTicketIsGood()
    {
        var inFlight = new InFlight(_time);
        byte[] id = [.. Enumerable.Repeat((byte)1, 16)];
        using (var first = inFlight.TryBegin(id, 1)!)
        {
            Assert.False(first.HasMadeWay);
            first.MadeWay();
        }
        _time.Advance(SecureDrop.Server.Intake.TicketOffice.FirstUseWithin);
        using (var again = inFlight.TryBegin(id, 1)!)
            Assert.True(again.HasMadeWay);
        // Thousands of others push it out: the memory is bounded.
        for (var n = 0; n < 5000; n++)
        {
            using var other = inFlight.TryBegin(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16), 1)!;
            other.MadeWay();
        }
        using (var forgotten = inFlight.TryBegin(id, 1)!)
        {
            Assert.False(forgotten.HasMadeWay);
            forgotten.MadeWay();
        }
        _time.Advance(SecureDrop.Server.Intake.TicketOffice.FirstUseWithin + TimeSpan.FromSeconds(1));
        using (var later = inFlight.TryBegin(id, 1)!)
            Assert.False(later.HasMadeWay);
    }

    [Fact]
    public async Task EnterAsync_AllTaken_InARowAsPlacesAreLeft()
    {
        var gate = NewGate(1);
        var place = gate.TryEnter()!;
        var first = gate.EnterAsync(true, CancellationToken.None);
        var second = gate.EnterAsync(true, CancellationToken.None);
        Assert.False(first.IsCompleted || second.IsCompleted);
        place.Dispose();
        var next = await first.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.NotNull(next);
        Assert.False(second.IsCompleted);
        next.Dispose();
        Assert.NotNull(await second.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task EnterAsync_TheFirstPaidTooLittleForThePlace_TheNextIsCalled()
    {
        var gate = NewGate(2);
        Assert.NotNull(gate.TryEnter(paysInFull: false));
        var place = gate.TryEnter()!;
        var cheap = new[] { gate.EnterAsync(false, CancellationToken.None), gate.EnterAsync(false, CancellationToken.None) };
        var paid = gate.EnterAsync(true, CancellationToken.None);
        place.Dispose();
        Assert.NotNull(await paid.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.All(cheap, waiting => Assert.False(waiting.IsCompleted));
    }

    [Fact]
    public async Task EnterAsync_OneInTheRowGoesAway_TheNextIsCalled()
    {
        var gate = NewGate(1);
        var place = gate.TryEnter()!;
        using var gone = new CancellationTokenSource();
        var first = gate.EnterAsync(true, gone.Token);
        var second = gate.EnterAsync(true, CancellationToken.None);
        await gone.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        place.Dispose();
        Assert.NotNull(await second.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task EnterAsync_NobodyLeaves_UntilPatienceEndsOrTheSlowestHadItsTime()
    {
        var gate = NewGate(1);
        var slow = gate.TryEnter()!;
        _time.Advance(Gate.Grace - Gate.Patience - TimeSpan.FromSeconds(2));
        Assert.Null(await AdvanceUntilDoneAsync(gate.EnterAsync(true, CancellationToken.None)));
        Assert.False(slow.Lost.IsCancellationRequested);
        Assert.NotNull(await AdvanceUntilDoneAsync(gate.EnterAsync(true, CancellationToken.None)));
        Assert.True(slow.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task EnterAsync_TheRowIsFull_NotWaitedFor()
    {
        var gate = NewGate(2);
        var places = new[] { gate.TryEnter()!, gate.TryEnter()! };
        var row = Enumerable.Range(0, 2 * Gate.WaitingForEach).Select(_ => gate.EnterAsync(true, CancellationToken.None)).ToList();
        Assert.Null(await gate.EnterAsync(true, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.All(row, waiting => Assert.False(waiting.IsCompleted));
        places[0].Dispose();
        Assert.NotNull(await row[0].WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private async Task<Gate.Place?> AdvanceUntilDoneAsync(Task<Gate.Place?> entering)
    {
        while (!entering.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(entering, Task.Delay(20, CancellationToken.None));
        }
        return await entering;
    }

    private PageGate NewGate(int places) => new(new LimitOptions { AnswersAtOnce = places }, _time);
}
