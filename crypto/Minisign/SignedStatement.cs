using System.Text.Json;

namespace SecureDrop.Crypto.Minisign;

/// <summary>A file's bytes with a minisign signature of them, made for one purpose. Carried as <c>{"statement": …, "signature": …}</c>.</summary>
/// <param name="Purpose">What the signature must be for.</param>
/// <param name="Statement">The bytes, exactly as signed.</param>
/// <param name="Signature">The four lines.</param>
public sealed record SignedStatement(StatementPurpose Purpose, ReadOnlyMemory<byte> Statement, string Signature)
{
    /// <summary>Signs bytes for a purpose.</summary>
    public static SignedStatement Sign(StatementPurpose purpose, ReadOnlyMemory<byte> statement, MinisignKeyPair keys) => throw new NotSupportedException("Follows.");

    /// <summary>Reads <c>{"statement": text, "signature": text}</c>, other members ignored. Verifies nothing.</summary>
    /// <exception cref="Json.StrictJsonException">A member is missing or no string.</exception>
    public static SignedStatement Read(StatementPurpose purpose, Json.StrictObject json) => throw new NotSupportedException("Follows.");

    /// <summary>Writes the two members into an object that the caller has opened.</summary>
    public void WriteMembers(Utf8JsonWriter json) => throw new NotSupportedException("Follows.");

    /// <summary>Verifies: the four lines, prehashed, by this key, of these bytes, for this purpose.</summary>
    /// <exception cref="SignatureException">It does not, and why.</exception>
    public void Verify(MinisignPublicKey key) => throw new NotSupportedException("Follows.");

    /// <summary>Verifies; false where <see cref="Verify"/> would throw, with the check that failed.</summary>
    public bool TryVerify(MinisignPublicKey key, out SignatureCheck? failed) => throw new NotSupportedException("Follows.");
}
