using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>What a sync did.</summary>
internal sealed class SyncResult
{
    /// <summary>Reports that are new on this disk.</summary>
    public int New { get; set; }

    /// <summary>Of these, from somebody who wrote before.</summary>
    public int FollowUps { get; set; }

    /// <summary>Of these, with an alarm or not to be opened.</summary>
    public int Marked { get; set; }

    public long FetchedBytes { get; set; }

    /// <summary>Old identities destroyed.</summary>
    public int IdentitiesDestroyed { get; set; }

    public BatchResult? Batch { get; set; }

    public List<string> Alarms { get; } = [];

    /// <summary>Days that are no longer on the server and were there when this desk last looked, oldest first.</summary>
    public IReadOnlyList<DateOnly> GoneDays { get; set; } = [];

    /// <summary>Reports that the server lists and did not deliver; the next sync asks for them again.</summary>
    public List<Undelivered> Undelivered { get; } = [];

    /// <summary>Why nothing could be sent, where nothing was.</summary>
    public ReviewerException? RosterProblem { get; set; }
}
