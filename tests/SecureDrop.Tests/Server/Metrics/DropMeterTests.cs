using System.Diagnostics.Metrics;
using System.Text;
using CsCheck;
using SecureDrop.Server.Metrics;
using Xunit;

namespace SecureDrop.Tests.Server.Metrics;

/// <summary>From figures to text.</summary>
public sealed class DropMeterTests
{
    private static readonly Gen<long?> Figure = Gen.Select(Gen.Bool, Gen.Long[0, long.MaxValue], (isTold, value) => isTold ? (long?)value : null);

    private static readonly Gen<DropFigures> Figures = Gen.Select(Figure.Array[6], Gen.Long[0, long.MaxValue].Array[4], (some, all) => new DropFigures
    {
        RosterVersion = some[0], RosterLeftInDays = some[1], Reviewers = some[2], Recipients = some[3], RecipientLeftInDays = some[4], FreeInBytes = some[5], Reports = some[0],
        DeadDropDays = all[0], DaysDue = all[1], DaysUnreadable = all[2], IsClockBehind = all[3],
    });

    [Fact]
    public void Text_OfAnyFigures_IsOpenMetricsWithEachThatIsTold() => Figures.Sample(figures =>
    {
        var expected = DropMeter.All.Select(instrument => (OpenMetricsExporter.NameOf(instrument.Name, instrument.Unit), instrument.Value(figures)))
            .Where(metric => metric.Item2 is not null).Select(metric => (metric.Item1, metric.Item2!.Value)).OrderBy(metric => metric.Item1, StringComparer.Ordinal);
        Assert.Equal(expected, OpenMetricsText.Parse(Encoding.UTF8.GetString(DropMeter.Expose(figures))));
    }, iter: 200);

    /// <summary>What others measure in this process, the web server of this test's neighbours among them, is not ours to tell, whatever its name.</summary>
    [Fact]
    public void Text_BesideOtherMetersAndServers_HasItsOwnFiguresAlone()
    {
        using var stranger = new Meter(DropMeter.Name);
        stranger.CreateObservableGauge("securedrop.secret", () => 1L);
        using var kestrel = new Meter("Microsoft.AspNetCore.Server.Kestrel");
        var connections = kestrel.CreateUpDownCounter<long>("kestrel.active_connections");
        Parallel.For(0, 100, n =>
        {
            connections.Add(1);
            var told = OpenMetricsText.Parse(Encoding.UTF8.GetString(DropMeter.Expose(new DropFigures { RosterVersion = n })));
            Assert.Equal(5, told.Count);
            Assert.Contains(("securedrop_roster_version", n), told);
        });
    }
}
