namespace SecureDrop.Reviewer.Terminal;

/// <summary>What a finished command tells the shell that called it. The numbers are a promise to scripts: never reuse one.</summary>
public enum ExitCode
{
    /// <summary>Done as asked.</summary>
    Ok = 0,

    /// <summary>Something unforeseen; a fault of this program.</summary>
    Failed = 1,

    /// <summary>The command line was not understood.</summary>
    Usage = 2,

    /// <summary>The passphrase does not open the keystore or the drop key.</summary>
    WrongPassphrase = 3,

    /// <summary>A file of ours is there but broken.</summary>
    Damaged = 4,

    /// <summary>A file is there, but it is not what this program writes.</summary>
    Foreign = 5,

    /// <summary>No keystore in this home directory yet.</summary>
    NoKeystore = 6,

    /// <summary>The server could not be reached, or the connection broke.</summary>
    Unreachable = 7,

    /// <summary>The server answered and refused.</summary>
    Refused = 8,

    /// <summary>The server's roster is not one that leads back to the pinned drop key.</summary>
    RosterRefused = 9,

    /// <summary>A report cannot be opened, or is not what it claims to be.</summary>
    BadReport = 10,

    /// <summary>Done, but something needs a person's eyes: see the alarm.</summary>
    Alarm = 11,

    /// <summary>No report, conversation or file of that name.</summary>
    NotFound = 12,

    /// <summary>A question had to be asked and nobody could answer it.</summary>
    NobodyToAsk = 13,

    /// <summary>The disk is full or cannot be written.</summary>
    DiskFull = 14,

    /// <summary>Something is there already and would be overwritten.</summary>
    AlreadyThere = 15,

    /// <summary>A file or text that was given is not usable as it is.</summary>
    BadInput = 16,

    /// <summary>Another command works in this home directory.</summary>
    Busy = 17,

    /// <summary>A person said no.</summary>
    Declined = 18,

    /// <summary>The rest is done, but the server lists reports that it did not deliver.</summary>
    NotDelivered = 19,

    /// <summary>Interrupted (Ctrl-C); nothing lost.</summary>
    Interrupted = 130,
}
