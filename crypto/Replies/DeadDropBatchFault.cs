namespace SecureDrop.Crypto.Replies;

/// <summary>Why a batch is refused.</summary>
public enum DeadDropBatchFault
{
    /// <summary>It is not: the batch is as it must be.</summary>
    None,

    /// <summary>Lengths that do not add up, or a number of entries that is not a multiple of 8 (and at least 8).</summary>
    Length,

    /// <summary>A shard beyond the day's width.</summary>
    Shard,

    /// <summary>A slot that does not hold an age file to one hybrid recipient, or two slots with one <c>r</c>.</summary>
    Slot,

    /// <summary>A copy that is not an age file to 1 to 64 hybrid recipients, or not of the length that belongs to them.</summary>
    Copy,
}
