using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Rosters;

/// <summary>Hands out the roster and takes new statements. The signature is the authorisation; only the first roster needs more.</summary>
public sealed class RosterDesk(ServerOptions options, IRosterStore store, TimeProvider time)
{
    // Others may store between our reading and our writing; more often than this in a row they do not.
    private const int Attempts = 8;

    private DropView? _latest;

    /// <summary>The drop as it was last read, without asking the store; null where nobody asked yet. For a refusal, which must cost nothing.</summary>
    public DropView? Latest => _latest;

    /// <summary>The drop as it is now, or null before the first roster.</summary>
    public async Task<DropView?> ReadAsync(CancellationToken cancel)
    {
        if (await store.ReadAsync(cancel) is not { } document)
            return null;
        if (_latest is { } latest && latest.Revision == document.Revision)
            return latest;
        return _latest = DropDocument.Read(document);
    }

    /// <returns>The refusal, or null when the roster is the one handed out now.</returns>
    public Task<Refusal?> PublishRosterAsync(
        SignedStatement roster, IReadOnlyList<SignedStatement> successors, string? setupToken, CancellationToken cancel) =>
        ChangeAsync(async present =>
        {
            if (present is not null)
                return RosterAcceptance.NextRoster(present, roster, Today);
            var pinned = string.IsNullOrEmpty(options.Drop.DropKey) ? null : MinisignPublicKey.Parse(options.Drop.DropKey);
            if (pinned is null && !await SetupToken.IsValidAsync(store, setupToken, cancel))
                return null;
            return RosterAcceptance.FirstRoster(roster, successors, pinned, Today);
        }, RosterRefusals.SetupToken, cancel);

    public Task<Refusal?> PublishRecipientAsync(SignedStatement statement, CancellationToken cancel) =>
        ChangeAsync(present => Task.FromResult(present is null ? null : RosterAcceptance.Recipient(present, statement, Today)), Refusals.NotSetUp, cancel);

    public Task<Refusal?> PublishSuccessorAsync(SignedStatement statement, CancellationToken cancel) =>
        ChangeAsync(present => Task.FromResult(present is null ? null : RosterAcceptance.Successor(present, statement)), Refusals.NotSetUp, cancel);

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private async Task<Refusal?> ChangeAsync(Func<DropState?, Task<DropState?>> judge, Refusal whereThereIsNone, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var present = await ReadAsync(cancel);
            DropState? next;
            try
            {
                next = await judge(present?.State);
            }
            catch (RosterException e)
            {
                return RosterRefusals.Of(e);
            }
            if (next is null)
                return whereThereIsNone;
            // What everybody may read everybody may send again: it must not cost a write to disk each time.
            if (ReferenceEquals(next, present?.State))
                return null;
            // As long as a report sealed to one of them may be here.
            next = next with { Earlier = next.Earlier.Since(Today.AddDays(-options.Retention.ReportDays)) };
            if (await store.ReplaceAsync(present?.Revision ?? 0, DropDocument.Write(next), cancel) == RosterOutcome.Stored)
            {
                // One-time: from here on a signature is asked for, never again the token.
                await store.WriteSetupTokenHashAsync(null, cancel);
                return null;
            }
        }
        return Refusals.Busy;
    }
}
