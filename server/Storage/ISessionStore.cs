namespace SecureDrop.Server.Storage;

/// <summary>Logins of reviewers, as little of them as several servers need to honour what another gave.</summary>
/// <remarks>
/// A store learns neither who logged in nor when: it is given hashes of random text and the last day on which they count. Of two logins with
/// one challenge, on whichever servers, one is stored.
/// </remarks>
public interface ISessionStore
{
    /// <summary>Length of the hash of a challenge, under which a login is found.</summary>
    const int ChallengeSizeInBytes = 16;

    /// <summary>Notes a login; false where its challenge has served before.</summary>
    /// <param name="challenge">Hash of the challenge, <see cref="ChallengeSizeInBytes"/> long.</param>
    /// <param name="token">Hash of the token that was given for it.</param>
    /// <param name="lastDay">The UTC day on which the token ends.</param>
    /// <param name="cancel">Gives up.</param>
    Task<bool> TryAddAsync(ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> token, DateOnly lastDay, CancellationToken cancel);

    /// <summary>Hash of the token that was given for a challenge, or null.</summary>
    Task<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancel);

    /// <summary>Forgets logins whose last day is before <paramref name="today"/>.</summary>
    Task ForgetAsync(DateOnly today, CancellationToken cancel);
}
