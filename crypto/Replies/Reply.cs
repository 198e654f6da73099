using System.Security.Cryptography;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Replies;

/// <summary><c>reply.json</c>: one answer, or one part of a long one.</summary>
public sealed record Reply
{
    /// <summary>Value of the member <c>format</c>.</summary>
    public const string Format = "securedrop-reply/1";

    /// <summary>The most <c>reply.json</c> may have, so that the archive with its signature is exactly 8,192 bytes at most.</summary>
    public const int MaxJsonInBytes = 5_632;

    /// <summary>
    /// The most parts a message may have; a reply that says more does not check. Missing parts are shown one by one, so a signer could
    /// otherwise make a source's page list 2^53 of them.
    /// </summary>
    public const int MaxParts = 1_000;

    /// <summary>Size of <see cref="Id"/> before hex.</summary>
    public const int IdSizeInBytes = 16;

    /// <summary>128 random bits, lower-case hex, the same for all parts of a message. It belongs to its signer.</summary>
    public required string Id { get; init; }

    /// <summary>The drop's first key.</summary>
    public required MinisignPublicKey DropKey { get; init; }

    /// <summary>The conversation it is meant for, by its signing key.</summary>
    public required MinisignPublicKey Conversation { get; init; }

    /// <summary>The day of writing (UTC), kept by a part that waits.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Which part this is, from 1.</summary>
    public required int Part { get; init; }

    /// <summary>How many parts there are, 1 to <see cref="MaxParts"/>.</summary>
    public required int Parts { get; init; }

    /// <summary>See <see cref="ReplyKind"/>; any text.</summary>
    public required string Kind { get; init; }

    /// <summary>The text of this part.</summary>
    public required string Message { get; init; }

    /// <summary>A new random id.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(2 * IdSizeInBytes, lowercase: true);

    /// <summary>Reads <c>reply.json</c>.</summary>
    /// <exception cref="StrictJsonException">A member is missing, of the wrong type or stands twice, or the text is no valid UTF-8.</exception>
    public static Reply Parse(ReadOnlySpan<byte> json) => ReplyJson.Parse(json);

    /// <summary>Writes <c>reply.json</c>: UTF-8, no BOM, no white space. Half of a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.</summary>
    public byte[] Write() => ReplyJson.Write(this);

    /// <summary>Never what the reviewer wrote.</summary>
    public override string ToString() => nameof(Reply);
}
