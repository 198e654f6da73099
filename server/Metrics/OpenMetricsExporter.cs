using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using SecureDrop.Server.Intake;

namespace SecureDrop.Server.Metrics;

/// <summary>
/// Writes collected gauges as OpenMetrics 1.0 text, named as OpenTelemetry's "Prometheus and OpenMetrics compatibility" has it: dots become
/// underscores, the unit stands at the end. In order of name, without times, labels or a description of this machine.
/// </summary>
/// <remarks>The exporters of OpenTelemetry for Prometheus are not stable yet, and answer by themselves, beside this server's headers and refusals.</remarks>
internal sealed class OpenMetricsExporter : BaseExporter<Metric>
{
    public const string ContentType = MediaType.OpenMetrics + "; version=1.0.0; charset=utf-8";

    private static ReadOnlySpan<byte> End => "# EOF\n"u8;

    /// <summary>What was collected last.</summary>
    public byte[] Text { get; private set; } = [.. End];

    /// <exception cref="NotSupportedException">Something other than a gauge of whole numbers without attributes was collected.</exception>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var families = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            if (metric.MetricType != MetricType.LongGauge)
                throw new NotSupportedException($"{metric.Name} is no gauge of whole numbers.");
            foreach (ref readonly var point in metric.GetMetricPoints())
                families.Add(NameOf(metric.Name, metric.Unit), Family(metric, point));
        }
        Text = [.. Encoding.UTF8.GetBytes(string.Concat(families.Values)), .. End];
        return ExportResult.Success;
    }

    /// <summary>The name of an instrument in the text.</summary>
    internal static string NameOf(string instrument, string unit) =>
        instrument.Replace('.', '_') + (UnitOf(unit) is { Length: > 0 } word ? "_" + word : "");

    private static string UnitOf(string unit) => unit switch
    {
        "1" or ['{', ..] => "",
        "d" => "days",
        "By" => "bytes",
        _ => throw new NotSupportedException($"The unit {unit} has no name here."),
    };

    private static string Family(Metric metric, in MetricPoint point)
    {
        if (point.Tags.Count > 0)
            throw new NotSupportedException($"{metric.Name} has attributes.");
        var name = NameOf(metric.Name, metric.Unit);
        var unit = UnitOf(metric.Unit);
        return $"# TYPE {name} gauge\n{(unit.Length > 0 ? $"# UNIT {name} {unit}\n" : "")}# HELP {name} {Escape(metric.Description)}\n"
            + $"{name} {point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture)}\n";
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
