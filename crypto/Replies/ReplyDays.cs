namespace SecureDrop.Crypto.Replies;

/// <summary>How a reply's day, which its signature covers, and the day under which a server gives it may lie.</summary>
public static class ReplyDays
{
    /// <summary>How long before its dead drop's day a reply may have been written: how long a part may wait for a batch with room.</summary>
    public const int MaxWaitInDays = 14;

    /// <summary>How old a dead drop may be that is looked at: an index is unsigned.</summary>
    public const int MaxAgeInDays = 31;

    /// <summary>Whether a reply written on <paramref name="written"/> may stand in the dead drop of <paramref name="deadDrop"/>.</summary>
    public static bool IsTimely(DateOnly written, DateOnly deadDrop) => deadDrop.DayNumber - written.DayNumber is >= 0 and <= MaxWaitInDays;

    /// <summary>Whether a dead drop is looked at today.</summary>
    public static bool IsLookedAt(DateOnly deadDrop, DateOnly today) => today.DayNumber - deadDrop.DayNumber is >= 0 and <= MaxAgeInDays;
}
