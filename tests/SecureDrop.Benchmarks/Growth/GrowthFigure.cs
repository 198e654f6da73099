namespace SecureDrop.Benchmarks.Growth;

/// <summary>What one caller waited for one piece of work.</summary>
/// <param name="What">The work.</param>
/// <param name="Time">The median, or the time for one of many.</param>
internal sealed record GrowthFigure(string What, TimeSpan Time);
