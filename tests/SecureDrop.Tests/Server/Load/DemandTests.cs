using Microsoft.Extensions.Time.Testing;
using SecureDrop.Server.Load;
using SecureDrop.Server.Options;
using Xunit;

namespace SecureDrop.Tests.Server.Load;

public sealed class DemandTests
{
    private const int QuietPerPeriod = 40;
    private const double Middle = 0.5;
    private readonly FakeTimeProvider _time = new(RunningDrop.Start);
    private double _chance = Middle;
    private double _share;

    [Fact]
    public void Difficulty_IdleOrAFewVisits_Nothing()
    {
        var demand = NewDemand();
        Assert.Equal(0, demand.Difficulty);
        // The blur at its most: below half of what is quiet, no chance adds up to a step.
        _chance = 1;
        for (var period = 0; period < 100; period++)
            Assert.Equal(0, Pass(demand, QuietPerPeriod / 2 - 1));
    }

    [Fact]
    public void Difficulty_UnderAFlood_RisesStepByStepAndFallsBackToNothing()
    {
        var demand = NewDemand();
        int[] asked = [.. Enumerable.Range(0, 12).Select(_ => Pass(demand, 7000))];
        Assert.Equal([6, 9, 12, 12, 15], asked[..5]);
        Assert.Equal(15, asked[^1]);
        int[] after = [.. Enumerable.Range(0, 12).Select(_ => Pass(demand, 0))];
        Assert.Equal(after.OrderDescending(), after);
        Assert.Equal(0, after[^1]);
        Assert.All(asked.Concat(after), difficulty => Assert.Contains(difficulty, (int[])[0, 6, 9, 12, 15]));
    }

    [Theory]
    [InlineData(40, 6)]
    [InlineData(165, 9)]
    [InlineData(645, 12)]
    [InlineData(2600, 15)]
    public void Difficulty_AtASteadyRate_OneStepForEachFourfold(int perPeriod, int expected)
    {
        var demand = NewDemand();
        for (var period = 0; period < 30; period++)
            Pass(demand, perPeriod + 1);
        Assert.Equal(expected, demand.Difficulty);
    }

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(0.26, 6)]
    [InlineData(0.51, 9)]
    [InlineData(0.76, 12)]
    [InlineData(1, 12)]
    public void Difficulty_StoreOrPlacesFillingUp_OneStepForEachQuarter(double share, int expected)
    {
        var demand = NewDemand();
        _share = share;
        for (var period = 0; period < 20; period++)
            Pass(demand, 0);
        Assert.Equal(expected, demand.Difficulty);
    }

    [Fact]
    public void Difficulty_Bounded_NeverOutside()
    {
        var demand = NewDemand(new TicketOptions { LeastDifficulty = 5, MostDifficulty = 11 });
        Assert.Equal(5, demand.Difficulty);
        int[] asked = [.. Enumerable.Range(0, 20).Select(_ => Pass(demand, 1_000_000))];
        Assert.Equal(6, asked[0]);
        Assert.Equal(11, asked.Max());
        Assert.Equal(24, NewSteps(new TicketOptions { MostDifficulty = 24 }).Of(DifficultySteps.Highest));
    }

    [Fact]
    public void Difficulty_OneMoreVisit_ChangesTheOddsByAFewInAHundredAtMost()
    {
        const int Grid = 24;
        for (var n = 10; n < 3000; n += 1 + (n / 16))
        {
            var changed = 0;
            for (var a = 0; a < Grid; a++)
            {
                for (var b = 0; b < Grid; b++)
                    changed += Last(n, n, a, b) == Last(n, n + 1, a, b) ? 0 : 1;
            }
            Assert.InRange(changed / (double)(Grid * Grid), 0, 0.05);
        }

        int Last(int before, int last, int a, int b)
        {
            Queue<double> chances = new();
            var demand = new Demand(new TicketOptions(), () => 0, _time, () => chances.TryDequeue(out var chance) ? chance : Middle);
            for (var period = 0; period < 9; period++)
                Pass(demand, before);
            chances.Enqueue((a + Middle) / Grid);
            chances.Enqueue((b + Middle) / Grid);
            return Pass(demand, last);
        }
    }

    [Fact]
    public void Difficulty_NobodyAskedForLong_FollowsWhatIsNow()
    {
        var demand = NewDemand();
        for (var period = 0; period < 12; period++)
            Pass(demand, 7000);
        _time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(0, demand.Difficulty);
        demand.Took(7000);
        _time.Advance(Demand.Period);
        Assert.Equal(6, demand.Difficulty);
    }

    [Fact]
    public void Difficulty_ClockSetBack_GoesOn()
    {
        var clock = new SettableClock { Now = RunningDrop.Start };
        var demand = new Demand(new TicketOptions(), () => 0, clock, () => Middle);
        clock.Now -= TimeSpan.FromDays(1);
        demand.Took(7000);
        clock.Now += Demand.Period;
        Assert.Equal(6, demand.Difficulty);
    }

    [Fact]
    public void Admits_TicketsHoardedWhileTheyCostNothing_OnlyAtTheRateOfTheirDifficulty()
    {
        var demand = NewDemand();
        Assert.True(demand.Admits(0));
        for (var period = 0; period < 12; period++)
            Pass(demand, 7000);
        Assert.Equal(15, demand.Difficulty);
        Assert.True(demand.Admits(0));
        demand.Took(QuietPerPeriod * 1.5);
        Assert.False(demand.Admits(0));
        Assert.True(demand.Admits(6));
        demand.Took(QuietPerPeriod * 6);
        Assert.False(demand.Admits(6));
        demand.Took(1_000_000);
        Assert.True(demand.Admits(15));
        Assert.True(demand.IsPresent(15));
        Assert.False(demand.IsPresent(12));
    }

    private Demand NewDemand(TicketOptions? options = null) => new(options ?? new TicketOptions(), () => _share, _time, () => _chance);

    private static DifficultySteps NewSteps(TicketOptions options) => new(options);

    private int Pass(Demand demand, double taken)
    {
        demand.Took(taken);
        _time.Advance(Demand.Period);
        return demand.Difficulty;
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
