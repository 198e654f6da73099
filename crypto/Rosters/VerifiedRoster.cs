using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Crypto.Rosters;

/// <summary>A recipient that reports of a day are sealed to.</summary>
/// <param name="Reviewer">Index into the roster's reviewers.</param>
/// <param name="Key">The age recipient.</param>
/// <param name="Serial">The statement's serial, or null where the roster's own recipient is meant.</param>
/// <param name="FirstDay">The statement's first day, or the roster's day of issue.</param>
/// <param name="LastDay">The last day on which reports are sealed to it.</param>
public sealed record ChosenRecipient(int Reviewer, HybridRecipient Key, long? Serial, DateOnly FirstDay, DateOnly LastDay);

/// <summary>A roster that passed every check, and who may be sealed to on a day.</summary>
public sealed class VerifiedRoster
{
    internal VerifiedRoster(Roster roster, byte[] sha256, DropKeyChain chain, bool linkVouches, IReadOnlyList<ChosenRecipient> recipients, IReadOnlyList<int> missing)
    {
        Roster = roster;
        Sha256 = sha256;
        Chain = chain;
        LinkVouches = linkVouches;
        Recipients = recipients;
        Missing = missing;
    }

    /// <summary>The roster.</summary>
    public Roster Roster { get; }

    /// <summary>SHA-256 of the roster's bytes as signed, 32 bytes.</summary>
    public ReadOnlyMemory<byte> Sha256 { get; }

    /// <summary>The drop's keys.</summary>
    public DropKeyChain Chain { get; }

    /// <summary>True when a link's key was given and the chain leads to it.</summary>
    public bool LinkVouches { get; }

    /// <summary>Who may be sealed to, in roster order; empty when the drop is closed.</summary>
    public IReadOnlyList<ChosenRecipient> Recipients { get; }

    /// <summary>Indices of reviewers who cannot read reports of that day.</summary>
    public IReadOnlyList<int> Missing { get; }

    /// <summary>True when the roster has expired or nobody is left to seal to: no report can be made.</summary>
    public bool IsClosed => Recipients.Count == 0;
}
