using System.Security.Cryptography;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Days;
using SecureDrop.Server.Load;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Intake;

/// <summary>Issues tickets and judges them, before a byte of the body is read: HMAC first, then one PBKDF2.</summary>
public sealed class TicketOffice(Demand demand, Room room, DayKeyRing keys, SolutionQueue solutions, IReportStore reports, TimeProvider time)
{
    /// <summary>Age of a ticket at an upload's first request.</summary>
    public static readonly TimeSpan FirstUseWithin = TimeSpan.FromMinutes(10);

    // Servers of one drop do not share a clock to the second.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    public async Task<(string Ticket, int Difficulty)> IssueAsync(CancellationToken cancel)
    {
        var key = await keys.TodaysAsync(cancel);
        // Clamped to the key's day: at midnight the clock may have passed it, and the ticket would be of no day at all.
        var now = time.GetUtcNow();
        var dayEnds = new DateTimeOffset(key.Day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        await room.MeasureAsync(cancel);
        var difficulty = demand.Difficulty;
        return (key.IssueTicket(difficulty, now < dayEnds ? now : dayEnds.AddSeconds(-1)), difficulty);
    }

    /// <summary>Judges the <c>Ticket</c> header of a request for an upload id; <paramref name="block"/> is the one it must have paid.</summary>
    public async Task<Admission> AdmitAsync(HttpRequest request, byte[] uploadId, uint block, CancellationToken cancel)
    {
        if (request.Headers["Ticket"] is not [{ } value] || !Solution.TrySplit(value, out var ticket)
            || !CryptographicOperations.FixedTimeEquals(Ticket.UploadId(ticket), uploadId))
        {
            return Admission.Refused(Refusals.Ticket);
        }
        foreach (var key in await keys.ServingAsync(cancel))
        {
            if (!key.TryVerify(ticket, out var difficulty, out var issued))
                continue;
            var id = key.StoredIdOf(uploadId);
            // From before a rise is too old as well: the client asks for another, which tells it what is asked now.
            if (!(IsFresh(issued) && demand.Admits(difficulty)) && !await HasBegunAsync(key.Day, id, cancel))
                break;
            return await solutions.VerifyAsync(value, uploadId, block, difficulty, cancel) switch
            {
                true => new Admission(key.Day, id, difficulty, null),
                false => Admission.Refused(Refusals.Ticket),
                null => Admission.Refused(Refusals.Busy),
            };
        }
        return Admission.Refused(Refusals.Ticket);
    }

    /// <summary>Whether something of an upload is stored: it may go on under the ticket it began with.</summary>
    public async Task<bool> HasBegunAsync(DateOnly day, StoredId id, CancellationToken cancel) => (await reports.ListPartsAsync(day, id, cancel)).Count > 0;

    private bool IsFresh(DateTimeOffset issued)
    {
        var age = time.GetUtcNow() - issued;
        return age <= FirstUseWithin && age >= -ClockSkew;
    }
}
