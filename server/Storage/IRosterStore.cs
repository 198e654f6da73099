namespace SecureDrop.Server.Storage;

/// <summary>The roster as it is handed out, with the number of changes that led to it.</summary>
public sealed record RosterDocument(long Revision, ReadOnlyMemory<byte> Answer);

/// <summary>The signed roster with its chain and statements, and the hash of the one-time setup token.</summary>
/// <remarks>
/// Two administrators (or servers) at once: <see cref="ReplaceAsync"/> stores only on top of the revision that the caller
/// judged, so that an older roster never replaces a newer one by coming late.
/// </remarks>
public interface IRosterStore
{
    /// <summary>The document, or null before the first roster.</summary>
    Task<RosterDocument?> ReadAsync(CancellationToken cancel);

    /// <summary>Stores a document over revision <paramref name="expectedRevision"/>; 0 means that there is none yet.</summary>
    Task<RosterOutcome> ReplaceAsync(long expectedRevision, ReadOnlyMemory<byte> answer, CancellationToken cancel);

    /// <summary>SHA-256 of the setup token, or null where none is valid.</summary>
    Task<ReadOnlyMemory<byte>?> ReadSetupTokenHashAsync(CancellationToken cancel);

    /// <summary>Replaces the hash; null destroys it.</summary>
    Task WriteSetupTokenHashAsync(ReadOnlyMemory<byte>? hash, CancellationToken cancel);
}
