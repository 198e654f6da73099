using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace SecureDrop.Tests.Server.Metrics;

/// <summary>
/// Reads OpenMetrics 1.0 text (section "Text Format" and its ABNF) as strictly as it is written down, of the kinds of lines that there are
/// here: a family of gauges with a type, a unit, a help, and one sample without labels, time or exemplar.
/// </summary>
internal static class OpenMetricsText
{
    private static readonly Regex Family = new(
        @"\G# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) gauge\n(# UNIT \k<name> (?<unit>[a-zA-Z0-9_:]+)\n)?# HELP \k<name> (?<help>([^\\""\n]|\\[\\""n])*)\n\k<name> (?<value>-?[0-9]+)\n",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    /// <summary>Each metric with its value, in their order.</summary>
    public static IReadOnlyList<(string Name, long Value)> Parse(string text)
    {
        var (all, at) = (new List<(string Name, long Value)>(), 0);
        for (Match family; (family = Family.Match(text, at)).Success; at += family.Length)
        {
            var name = family.Groups["name"].Value;
            if (family.Groups["unit"] is { Success: true, Value: var unit })
                Assert.EndsWith("_" + unit, name);
            all.Add((name, long.Parse(family.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }
        Assert.Equal("# EOF\n", text[at..]);
        Assert.Equal(all.Count, all.DistinctBy(metric => metric.Name).Count());
        return all;
    }
}
