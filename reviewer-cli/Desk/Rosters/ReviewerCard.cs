using System.Text.Json;
using System.Text.Json.Serialization;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>A reviewer's public keys, as they go to whoever holds the drop key. Nothing secret; but whoever swaps it on the way becomes a
/// reviewer, so the fingerprint is to be compared by voice.</summary>
internal sealed record ReviewerCard(string Format, string Name, string SigningKey, string SessionKey, string Recipient)
{
    public const string FormatName = "securedrop-reviewer/1";

    private const int LargestInBytes = 65_536;

    /// <summary>The card of new keys, which have one identity.</summary>
    public static ReviewerCard Of(ReviewerKeys keys) => Of(keys, keys.Identities[0]);

    public static ReviewerCard Of(ReviewerKeys keys, OwnIdentity identity) =>
        new(FormatName, keys.Name, keys.Signing.PublicKey.Text, keys.Session.PublicKey.Text, identity.Identity.Recipient.Text);

    /// <summary>Six groups of four to read out: 96 bits of a digest of all keys.</summary>
    [JsonIgnore]
    public string Fingerprint
    {
        get
        {
            string hex = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes($"{SigningKey}\n{SessionKey}\n{Recipient}")));
            return string.Join(' ', Enumerable.Range(0, 6).Select(i => hex.Substring(i * 4, 4)));
        }
    }

    /// <exception cref="ReviewerException">Not a card, or its keys are not keys.</exception>
    public static ReviewerCard Parse(ReadOnlySpan<byte> json, string from)
    {
        try
        {
            ReviewerCard card = JsonSerializer.Deserialize(json, CardJson.Default.ReviewerCard) ?? throw new JsonException("empty");
            if (card.Format != FormatName)
            {
                throw new JsonException("another format");
            }

            _ = MinisignPublicKey.Parse(card.SigningKey);
            _ = MinisignPublicKey.Parse(card.SessionKey);
            _ = HybridRecipient.Parse(card.Recipient);
            return card;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new ReviewerException(ExitCode.BadInput, $"{from} is not a reviewer's card. `reviewer key export` writes one.", e);
        }
    }

    public static ReviewerCard ReadFile(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.Length > LargestInBytes
                ? throw new ReviewerException(ExitCode.BadInput, $"{path} is not a reviewer's card: it is far too large.")
                : Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.NotFound, $"{path} cannot be read.", e);
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, CardJson.Default.ReviewerCard);

    public RosterReviewer ToReviewer(DateOnly lastDay) => new(
        Name.Length == 0 ? null : new Dictionary<string, string> { ["en"] = Name },
        MinisignPublicKey.Parse(SigningKey), MinisignPublicKey.Parse(SessionKey), new RosterRecipient(HybridRecipient.Parse(Recipient), lastDay));
}

/// <summary>A reviewer who left, for the roster's <c>former</c>.</summary>
internal sealed record FormerCard(string Name, string SigningKey, DateOnly LastDay)
{
    public FormerReviewer ToFormer() => new(Name.Length == 0 ? null : new Dictionary<string, string> { ["en"] = Name },
        MinisignPublicKey.Parse(SigningKey), LastDay);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ReviewerCard))]
[JsonSerializable(typeof(RosterMembers))]
[JsonSerializable(typeof(List<Api.WireStatement>))]
internal sealed partial class CardJson : JsonSerializerContext;
