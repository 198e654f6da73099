namespace SecureDrop.Benchmarks.Measuring;

/// <summary>The system's clock, some days off: a server that fills yesterday today.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    /// <summary>How far it is ahead; negative behind.</summary>
    internal TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
