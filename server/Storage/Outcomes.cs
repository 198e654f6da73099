namespace SecureDrop.Server.Storage;

/// <summary>What became of bytes handed to a store.</summary>
public enum StoreOutcome
{
    /// <summary>On durable storage before the call returned.</summary>
    Stored,

    /// <summary>The same bytes were there already; nothing changed.</summary>
    AlreadyThere,

    /// <summary>Other bytes are there under this id; they stay.</summary>
    Conflict,

    /// <summary>No room is left; nothing changed.</summary>
    Full,

    /// <summary>The day is complete (or was ended) and takes nothing more.</summary>
    DayClosed,
}

/// <summary>What became of the commit of a report that came in parts.</summary>
public enum CommitOutcome
{
    /// <summary>From here on the report exists.</summary>
    Committed,

    /// <summary>It was committed before with the same numbers.</summary>
    AlreadyThere,

    /// <summary>It was committed before with other numbers.</summary>
    Conflict,

    /// <summary>A part is missing, one is too many, or their lengths do not add up; they stay, and the commit may be repeated.</summary>
    Incomplete,

    /// <summary>No room is left.</summary>
    Full,

    /// <summary>The day is complete (or was ended).</summary>
    DayClosed,
}

/// <summary>What became of a reviewer's batch.</summary>
public enum BatchOutcome
{
    /// <summary>The reviewer's first batch of the day.</summary>
    Stored,

    /// <summary>The reviewer's earlier batch of the day is gone and this one stands in its place.</summary>
    Replaced,

    /// <summary>Exactly these slots and copies were there already.</summary>
    AlreadyThere,

    /// <summary>A slot begins with an <c>r</c> that is in use that day by somebody else; the batch must be made anew.</summary>
    Conflict,

    /// <summary>A slot names a shard beyond the width the day began with.</summary>
    ShardBeyondWidth,

    /// <summary>No room is left.</summary>
    Full,

    /// <summary>The day's dead drop is published and never changes again, or the day was never begun.</summary>
    DayClosed,
}

/// <summary>What became of a new roster document.</summary>
public enum RosterOutcome
{
    /// <summary>It is the one that is handed out now.</summary>
    Stored,

    /// <summary>Somebody else stored one meanwhile: read again, judge again, try again.</summary>
    Conflict,
}
