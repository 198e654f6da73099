using System.Security.Cryptography;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Rosters;

/// <summary>
/// <c>roster.json</c>: who receives a drop's reports, and what its page says. It is worth something only under the drop key's signature
/// (<see cref="SignedStatement"/>, purpose <see cref="StatementPurpose.Roster"/>); <see cref="RosterVerifier"/> checks that.
/// </summary>
public sealed record Roster
{
    /// <summary>The value of <c>format</c>.</summary>
    public const string FormatName = "securedrop-roster/1";

    /// <summary>The largest roster that is read.</summary>
    public const int LargestInBytes = 1024 * 1024;

    /// <summary>The most reviewers a drop may have: an age file has at most 64 stanzas.</summary>
    public const int MostReviewers = 64;

    /// <summary>Days from <see cref="Issued"/> to <see cref="Expires"/> unless set otherwise.</summary>
    public const int LifetimeInDays = 90;

    /// <summary>Days after <see cref="Issued"/> at which the roster's own recipients end where a drop rotates.</summary>
    public const int RotatingRecipientsInDays = 14;

    /// <summary>Names of what a reader must be able to do. This version knows none: a roster read by <see cref="Parse"/> has an empty list.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>The drop's <em>first</em> key, whoever signs now.</summary>
    public required MinisignPublicKey DropKey { get; init; }

    /// <summary>The drop's name per language.</summary>
    public required IReadOnlyDictionary<string, string> Name { get; init; }

    /// <summary>Strictly increasing.</summary>
    public required long Version { get; init; }

    /// <summary>The day of signing.</summary>
    public required DateOnly Issued { get; init; }

    /// <summary>The last day on which reports are sealed by this roster.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>Where the drop is reached; the page warns elsewhere.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>1 to 64 reviewers, all keys different.</summary>
    public required IReadOnlyList<RosterReviewer> Reviewers { get; init; }

    /// <summary>Reviewers who left.</summary>
    public IReadOnlyList<FormerReviewer> Former { get; init; } = [];

    /// <summary>What a source is asked.</summary>
    public RosterForm Form { get; init; } = new([], []);

    /// <summary>Other ways to reach the drop.</summary>
    public IReadOnlyList<RosterChannel> Channels { get; init; } = [];

    /// <summary>What the drop lets its sources know.</summary>
    public IReadOnlyList<RosterNotice> Notices { get; init; } = [];

    /// <summary>0 to 16: a day has 2^s dead drops.</summary>
    public int ShardBits { get; init; }

    /// <summary>Reads a roster's bytes. Verifies no signature.</summary>
    /// <exception cref="RosterException">Malformed, of another format, requires what this version cannot do, or breaks a rule of the format.</exception>
    public static Roster Parse(ReadOnlySpan<byte> utf8) => RosterReader.Read(utf8);

    /// <summary>Writes the roster's bytes, for signing.</summary>
    /// <exception cref="RosterException">It breaks a rule of the format: what cannot be read is not written.</exception>
    public byte[] Write()
    {
        RosterReader.RequireRules(this);
        byte[] bytes = RosterWriter.Write(this);
        if (Requires.Count == 0)
        {
            // A text that is missing in every language, or an entry too many: rules of the reader's, which the types above do not know.
            _ = RosterReader.Read(bytes);
        }

        return bytes;
    }

    /// <summary>How reports name a roster: SHA-256 of its bytes as signed, 32 bytes.</summary>
    public static byte[] Digest(ReadOnlySpan<byte> signedBytes) => SHA256.HashData(signedBytes);
}
