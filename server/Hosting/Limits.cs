using System.Globalization;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Days;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Load;
using SecureDrop.Server.ReviewerApi;
using SecureDrop.Server.SourceApi.Plain;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Hosting;

/// <summary>The numbers that hold whatever is configured, in words, from the constants that enforce them: the README's table is compared with this.</summary>
internal static class Limits
{
    public static IReadOnlyList<(string Name, string Value)> All { get; } =
    [
        ("a sealed text", Bytes(SealedForm.LargestTextInBytes)),
        ("a part", Bytes(IReportStore.PartSizeInBytes)),
        ("parts of a report", Number(SealedForm.MostParts)),
        ("recipients of a report", Number(SizeClass.MaxStanzas)),
        ("parts that one proof of work pays for", Number(Solution.PartsPerBlock)),
        ("age of a ticket at an upload's first request", Minutes(TicketOffice.FirstUseWithin)),
        ("a day's key serves after its day", $"{DayKeyRing.DaysAfter} days"),
        ("a body must have arrived within", Minutes(BodyReader.Deadline)),
        ("requests at once of a text", Number(InFlight.MostOfOneText)),
        ("requests at once of an upload in parts", Number(InFlight.MostOfOneUpload)),
        ("proofs of work that wait to be checked", Number(SolutionQueue.Waiting)),
        ("the difficulty changes at most every", $"{Demand.Period.TotalSeconds:F0} seconds"),
        ("of the day's quota and the disk, texts keep one in", Number(Room.TextsKeepOneIn)),
        ("a slow client keeps its place, when others want it, for", $"{Gate.Grace.TotalSeconds:F0} seconds"),
        ("a file that /plain takes", Bytes(PlainIntake.LargestFileInBytes)),
        ("files of a sealed text's length that /plain takes in at once", Number(PlainGate.MostAtOnce)),
        ("larger ones at once", Number(PlainLargeGate.MostAtOnce)),
        ("reports that /plain takes at once", Number(PlainQuota.MostReports)),
        ("until /plain takes one more", Minutes(PlainQuota.ReportEvery)),
        ("bytes that /plain takes at once", Bytes(PlainQuota.MostBytes)),
        ("bytes that /plain takes in a day after that", Bytes(PlainQuota.BytesADay)),
        ("a roster's request", Bytes(StatementBody.LargestRosterInBytes)),
        ("another statement's request", Bytes(StatementBody.LargestInBytes)),
        ("rosters taken in at once", Number(RosterGate.MostAtOnce)),
        ("a batch", Bytes(PostBatch.LargestInBytes)),
        ("batches taken in at once", Number(BatchGate.MostAtOnce)),
        ("slots of a batch, a multiple of", Number(DeadDropBatch.Multiple)),
        ("a login challenge is good for", Minutes(Sessions.ChallengeLifetime)),
        ("a session is good for", Minutes(Sessions.TokenLifetime)),
        ("a day can end early, days after it", Number(DeleteDay.GraceInDays)),
        ("a request line", Bytes(Listener.LongestRequestLineInBytes)),
        ("all headers together", Bytes(Listener.LargestHeadersInBytes)),
        ("headers", Number(Listener.MostHeaders)),
    ];

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long value) => $"{Number(value)} bytes";

    private static string Minutes(TimeSpan value) => value == TimeSpan.FromMinutes(1) ? "1 minute" : $"{Number((long)value.TotalMinutes)} minutes";
}
