namespace SecureDrop.Crypto.Age;

/// <summary>Something that may open a file: a secret key or a passphrase.</summary>
public interface IAgeIdentity
{
    /// <summary>Looks for a stanza that this identity opens. That none does is an ordinary answer, not an error.</summary>
    /// <param name="stanzas">All stanzas of a header, in its order; those of other kinds are passed over.</param>
    /// <param name="fileKey">Receives the file key, 16 bytes, where the result is true; else unchanged.</param>
    /// <returns>Whether one of the stanzas was opened.</returns>
    /// <exception cref="AgeFormatException">A stanza of this identity's kind is malformed (class <see cref="AgeFailure.Header"/>).</exception>
    /// <exception cref="ArgumentException"><paramref name="fileKey"/> is not 16 bytes.</exception>
    bool TryUnwrap(IReadOnlyList<AgeStanza> stanzas, Span<byte> fileKey);
}
