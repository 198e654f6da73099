using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Json;

namespace SecureDrop.Crypto.Minisign;

/// <summary>A file's bytes with a minisign signature of them, made for one purpose. Carried as <c>{"statement": …, "signature": …}</c>.</summary>
/// <param name="Purpose">What the signature must be for.</param>
/// <param name="Statement">The bytes, exactly as signed.</param>
/// <param name="Signature">The four lines.</param>
public sealed record SignedStatement(StatementPurpose Purpose, ReadOnlyMemory<byte> Statement, string Signature)
{
    /// <summary>The longest signature that is read: ours have 302 characters at most, the rest is for an untrusted comment.</summary>
    public const int LongestSignatureInCharacters = 1024;

    /// <summary>Signs bytes for a purpose.</summary>
    public static SignedStatement Sign(StatementPurpose purpose, ReadOnlyMemory<byte> statement, MinisignKeyPair keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new(purpose, statement, keys.Sign(statement.Span, purpose.TrustedComment()));
    }

    /// <summary>Reads <c>{"statement": text, "signature": text}</c>, other members ignored. Verifies nothing.</summary>
    /// <exception cref="StrictJsonException">A member is missing or no string.</exception>
    public static SignedStatement Read(StatementPurpose purpose, StrictObject json) =>
        new(purpose, Encoding.UTF8.GetBytes(json.RequireText("statement")), json.RequireText("signature"));

    /// <summary>The statement as text: what is signed is UTF-8.</summary>
    public string StatementText => Encoding.UTF8.GetString(Statement.Span);

    /// <summary>Writes the two members into an object that the caller has opened.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("statement", Statement.Span);
        json.WriteString("signature", Signature);
    }

    /// <summary>Writes <c>{"statement": text, "signature": text}</c>.</summary>
    public byte[] Write() => StrictJson.Write(WriteMembers);

    /// <summary>Verifies: the four lines, prehashed, by this key, of these bytes, for this purpose.</summary>
    /// <exception cref="SignatureException">It does not, and why.</exception>
    public void Verify(MinisignPublicKey key)
    {
        if (Signature.Length > LongestSignatureInCharacters)
        {
            throw new SignatureException(SignatureCheck.Format);
        }
        MinisignSignature signature = MinisignSignature.Parse(Signature);
        signature.Verify(Statement.Span, key);
        if (signature.TrustedComment != Purpose.TrustedComment())
        {
            throw new SignatureException(SignatureCheck.Purpose);
        }
    }

    /// <summary>Verifies; false where <see cref="Verify"/> would throw, with the check that failed.</summary>
    public bool TryVerify(MinisignPublicKey key, out SignatureCheck? failed)
    {
        try
        {
            Verify(key);
            failed = null;
        }
        catch (SignatureException e)
        {
            failed = e.Check;
        }
        return failed is null;
    }

    /// <summary>Equal when purpose, bytes and signature are.</summary>
    public bool Equals(SignedStatement? other) =>
        other is not null && Purpose == other.Purpose && Signature == other.Signature && Statement.Span.SequenceEqual(other.Statement.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Purpose, Signature);
}
