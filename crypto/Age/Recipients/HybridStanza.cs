using System.Diagnostics.CodeAnalysis;

namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>The form of an <c>mlkem768x25519</c> stanza, which can be judged without any key.</summary>
/// <remarks>C2SP age, "mlkem768x25519 recipient stanza".</remarks>
public static class HybridStanza
{
    /// <summary>The stanza's type.</summary>
    public const string Type = "mlkem768x25519";

    /// <summary>The encapsulated key: an X-Wing ciphertext, the stanza's one argument, in bytes.</summary>
    public const int EncapsulatedKeySizeInBytes = 1120;

    /// <summary>The body: the wrapped file key (16) and its tag (16), in bytes.</summary>
    public const int BodySizeInBytes = 32;

    /// <summary>Whether a stanza is a well-formed hybrid one: type, one canonical argument of the right size, body of the right size.</summary>
    /// <param name="stanza">Any stanza.</param>
    /// <returns>False for other types and for malformed stanzas.</returns>
    public static bool IsWellFormed(AgeStanza stanza)
    {
        ArgumentNullException.ThrowIfNull(stanza);
        return stanza.Type == Type && TryGetEncapsulatedKey(stanza, out _);
    }

    internal static bool TryGetEncapsulatedKey(AgeStanza stanza, [NotNullWhen(true)] out byte[]? encapsulatedKey)
    {
        encapsulatedKey = null;
        return stanza.Arguments.Count == 1
            && stanza.Body.Length == BodySizeInBytes
            && UnpaddedBase64.TryDecode(stanza.Arguments[0], out encapsulatedKey)
            && encapsulatedKey.Length == EncapsulatedKeySizeInBytes;
    }
}
