using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Intake;

/// <summary>The refusal that belongs to a store's outcome, or null where there is nothing to refuse.</summary>
internal static class StoreRefusals
{
    public static Refusal? Of(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Stored or StoreOutcome.AlreadyThere => null,
        StoreOutcome.Conflict => Refusals.OtherBytes,
        StoreOutcome.Full => Refusals.Full,
        // The day's key went while the body came: the ticket is too old now.
        StoreOutcome.DayClosed => Refusals.Ticket,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static Refusal? Of(CommitOutcome outcome) => outcome switch
    {
        CommitOutcome.Committed or CommitOutcome.AlreadyThere => null,
        CommitOutcome.Conflict => Refusals.OtherBytes,
        CommitOutcome.Incomplete => Refusals.Incomplete,
        CommitOutcome.Full => Refusals.Full,
        CommitOutcome.DayClosed => Refusals.Ticket,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
