using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>A reviewer's own age identity and the days on which a source may have sealed to it.</summary>
internal sealed class OwnIdentity(HybridIdentity identity, long? serial, DateOnly firstDay, DateOnly lastDay) : IDisposable
{
    public HybridIdentity Identity { get; } = identity;

    /// <summary>Serial of the recipient statement that named it; null for the one that stands in the roster.</summary>
    public long? Serial { get; } = serial;

    public DateOnly FirstDay { get; } = firstDay;

    /// <summary>The last day a statement or roster allows; what the newest roster says moves it, see <see cref="Desk.KeyTerm"/>.</summary>
    public DateOnly LastDay { get; set; } = lastDay;

    public void Dispose() => Identity.Dispose();
}

/// <summary>
/// What the keystore holds: the signing key (replies, own recipients), the session key (logs in, nothing else), the age identities, a
/// key of the keystore's own (index, kept reports), and the pinned drop key, so that nobody who can write files here can move the pin.
/// </summary>
internal sealed class ReviewerKeys : IDisposable
{
    public required MinisignKeyPair Signing { get; init; }

    public required MinisignKeyPair Session { get; init; }

    /// <summary>Seals the index and reports kept longer than the identity they came for.</summary>
    public required HybridIdentity Own { get; init; }

    /// <summary>Newest last.</summary>
    public List<OwnIdentity> Identities { get; } = [];

    /// <summary>Name as it will stand in a roster; may be empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>The drop's first key, against which every roster is verified; null until it is known.</summary>
    public MinisignPublicKey? DropKey { get; set; }

    /// <summary>Recipient statements made with these keys, exactly as signed: any other under this signing key is somebody else's.</summary>
    public List<string> MadeStatements { get; } = [];

    /// <summary>SHA-256 of recipients that a roster named and whose identity was destroyed since: one that a roster names again is nobody else's.</summary>
    public List<string> Destroyed { get; } = [];

    /// <summary>Identities that may open a report, likeliest first; last the keystore's own, for reports sealed to it again.</summary>
    public IReadOnlyList<HybridIdentity> Openers => [.. Identities.AsEnumerable().Reverse().Select(i => i.Identity), Own];

    /// <summary>Keys of a new reviewer; the first identity is for the roster.</summary>
    public static ReviewerKeys Generate(string name, DateOnly today, DateOnly lastDay)
    {
        ReviewerKeys keys = new()
        {
            Signing = MinisignKeyPair.Generate(),
            Session = MinisignKeyPair.Generate(),
            Own = HybridIdentity.Generate(),
            Name = name,
        };
        keys.Identities.Add(new OwnIdentity(HybridIdentity.Generate(), null, today, lastDay));
        return keys;
    }

    public void Dispose()
    {
        Signing.Dispose();
        Session.Dispose();
        Own.Dispose();
        foreach (OwnIdentity identity in Identities)
        {
            identity.Dispose();
        }
    }

    /// <summary>Never a secret.</summary>
    public override string ToString() => nameof(ReviewerKeys);
}
