using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace SecureDrop.Server.Metrics;

/// <summary>
/// The drop's instruments (names as OpenTelemetry writes them). They live for the moment in which they are read, so that nothing in this
/// program can measure in between, and nobody else's are listened to: the web server has meters of its own, for every connection and request.
/// </summary>
internal static class DropMeter
{
    public const string Name = "SecureDrop.Server";

    /// <summary>Each has one value and no attributes.</summary>
    public static IReadOnlyList<Instrument> All { get; } =
    [
        new("securedrop.roster.version", "{version}", "Version of the roster in force.", figures => figures.RosterVersion),
        new("securedrop.roster.left", "d", "Days until the roster expires, this one included; with 0 the drop is closed to reports.", figures => figures.RosterLeftInDays),
        new("securedrop.reviewers", "{reviewer}", "Reviewers that the roster names.", figures => figures.Reviewers),
        new("securedrop.recipients", "{reviewer}", "Reviewers to whom reports are sealed; with 0 the drop is closed to reports.", figures => figures.Recipients),
        new("securedrop.recipient.left", "d", "Days until the first of these can no longer be sealed to, this one included.", figures => figures.RecipientLeftInDays),
        new("securedrop.dead_drops", "{day}", "Days whose dead drops are published and kept.", figures => figures.DeadDropDays),
        new("securedrop.days.due", "{day}", "Days that are due to end and wait for their hour; more than a few mean that the clock jumped.", figures => figures.DaysDue),
        new("securedrop.days.unreadable", "{day}", "Days of which something cannot be read; the log says which.", figures => figures.DaysUnreadable),
        new("securedrop.clock.behind", "1", "1 where the clock stands before a day that the store has seen.", figures => figures.IsClockBehind),
        new("securedrop.store.free", "By", $"Room above the floor, blurred: a power of two, at most the room and more than a quarter of it; 0 with less than {DropFigures.SmallestFreeInBytes >> 20} MiB.", figures => figures.FreeInBytes),
        new("securedrop.uploads", "{upload}", $"Uploads of the day {DropFigures.ReportsAreOf} days ago, decoys included, blurred likewise; 0 with fewer than {DropFigures.SmallestReports}.", figures => figures.Reports),
    ];

    /// <param name="Name">With dots, as OpenTelemetry names instruments.</param>
    /// <param name="Unit">As UCUM writes it: what is counted in braces.</param>
    /// <param name="Description">One sentence.</param>
    /// <param name="Value">Null is not told.</param>
    internal sealed record Instrument(string Name, string Unit, string Description, Func<DropFigures, long?> Value);

    /// <summary>These figures as OpenMetrics text, UTF-8.</summary>
    /// <exception cref="InvalidOperationException">They could not be collected.</exception>
    public static byte[] Expose(DropFigures figures)
    {
        using var meter = new Meter(Name);
        foreach (var instrument in All)
            meter.CreateObservableGauge(instrument.Name, () => Measure(instrument, figures), instrument.Unit, instrument.Description);
        using var exporter = new OpenMetricsExporter();
        var own = new MetricStreamConfiguration { CardinalityLimit = 1 };
        using var provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty())
            .AddMeter(Name)
            // By the meter itself, not by its name, which anything loaded into this process may give to another.
            .AddView(instrument => ReferenceEquals(instrument.Meter, meter) ? own : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(exporter))
            .Build();
        return provider.ForceFlush() ? exporter.Text : throw new InvalidOperationException("The instruments could not be collected.");
    }

    private static IEnumerable<Measurement<long>> Measure(Instrument instrument, DropFigures figures) =>
        instrument.Value(figures) is { } value ? [new Measurement<long>(value)] : [];
}
