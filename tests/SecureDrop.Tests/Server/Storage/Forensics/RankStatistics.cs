namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>
/// Whether places on a disk tell the order in which their tenants came. Every figure is turned into a number of standard
/// deviations; by chance alone one in a million is beyond <see cref="Limit"/>.
/// </summary>
internal static class RankStatistics
{
    /// <summary>In standard deviations: |ρ| is below 4.9/√n where nothing is told.</summary>
    public const double Limit = 4.9;

    /// <summary>What the places tell; nothing, where the list is empty.</summary>
    /// <param name="name">What is said of the order that was read.</param>
    /// <param name="places">The place of each, in the true order of arrival; all different.</param>
    /// <param name="tail">How many of the last are compared with those before.</param>
    public static IEnumerable<string> Findings(string name, IReadOnlyList<double> places, int tail)
    {
        var ranks = Ranks(places);
        var middle = (ranks.Length - 1) / 2.0;
        foreach (var (what, deviations) in new[]
        {
            ("is correlated with the order of arrival", Correlation(ranks, [.. Enumerable.Range(0, ranks.Length).Select(n => (double)n)])),
            ("puts one beside the one before", Correlation(ranks[1..], ranks[..^1])),
            ("counts neighbours in time as neighbours", Poisson(Enumerable.Range(1, ranks.Length - 1).Count(n => Math.Abs(ranks[n] - ranks[n - 1]) == 1), 2)),
            ($"sets the last {tail} apart from the rest", RankSum(ranks, tail)),
            ($"sets the last {tail} apart by their distance from the middle", RankSum([.. ranks.Select(rank => Math.Abs(rank - middle))], tail)),
            ($"keeps the last {tail} together", Together(ranks, tail)),
        })
        {
            if (Math.Abs(deviations) > Limit)
                yield return $"{name} {what} ({deviations:F1} standard deviations)";
        }
    }

    /// <summary>Spearman's ρ of the places with the order of arrival.</summary>
    public static double Spearman(IReadOnlyList<double> places) =>
        Correlation(Ranks(places), [.. Enumerable.Range(0, places.Count).Select(n => (double)n)]) / Math.Sqrt(places.Count - 1);

    private static double[] Ranks(IReadOnlyList<double> places)
    {
        var ranks = new double[places.Count];
        foreach (var (place, rank) in Enumerable.Range(0, places.Count).OrderBy(n => places[n]).Select((n, rank) => (n, rank)))
            ranks[place] = rank;
        return ranks;
    }

    /// <summary>The correlation, in units of its standard deviation 1/√(n − 1) under chance.</summary>
    private static double Correlation(double[] left, double[] right)
    {
        var (meanLeft, meanRight) = (left.Average(), right.Average());
        var both = left.Zip(right, (l, r) => (l - meanLeft) * (r - meanRight)).Sum();
        var each = Math.Sqrt(left.Sum(l => (l - meanLeft) * (l - meanLeft)) * right.Sum(r => (r - meanRight) * (r - meanRight)));
        return both / each * Math.Sqrt(left.Length - 1);
    }

    /// <summary>The rank-sum test of Wilcoxon, Mann and Whitney.</summary>
    private static double RankSum(double[] values, int tail)
    {
        var (rest, n) = (values.Length - tail, (double)values.Length);
        var ranks = Ranks(values);
        return (ranks[^tail..].Sum() - (tail * (n - 1) / 2)) / Math.Sqrt(tail * rest * (n + 1) / 12);
    }

    private static double Together(double[] ranks, int tail)
    {
        var last = ranks[^tail..].Order().ToArray();
        return Poisson(Enumerable.Range(1, tail - 1).Count(n => last[n] - last[n - 1] == 1), (double)tail * (tail - 1) / ranks.Length);
    }

    // Of a rare event the square root is normal enough, and its deviation is 1/2.
    private static double Poisson(int count, double expected) => 2 * (Math.Sqrt(count) - Math.Sqrt(expected));
}
