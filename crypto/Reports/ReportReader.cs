using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Archives;

namespace SecureDrop.Crypto.Reports;

/// <summary>
/// Opens sealed reports and makes every check of the protocol, in its order: the age file; the archive's form; <c>report.json</c>; its signature;
/// roster and recipients (alarms); each attachment's path, length and digest; the size class. Constant memory at any size.
/// </summary>
public static class ReportReader
{
    /// <summary>Opens a sealed report.</summary>
    /// <param name="sealedBytes">The age file, from its first byte to its end; stays open.</param>
    /// <param name="mine">The reader's identities, present and past.</param>
    /// <param name="known">What the reader knows to be signed.</param>
    /// <param name="sink">Receives the files; see <see cref="IAttachmentSink"/>. Use <see cref="DiscardingAttachmentSink"/> to check only.</param>
    /// <exception cref="ReportException">A check failed. <paramref name="sink"/> has been told to discard, as after any other exception.</exception>
    public static OpenedReport Read(Stream sealedBytes, IReadOnlyList<HybridIdentity> mine, KnownRosters known, IAttachmentSink sink)
    {
        ArgumentNullException.ThrowIfNull(mine);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(sink);
        OpenedReport opened;
        try
        {
            using AgeOpenStream plaintext = AgeOpenStream.Open(sealedBytes, mine, leaveOpen: true);
            opened = ReadPlaintext(plaintext, mine, known, sink);
        }
        catch (AgeFormatException e)
        {
            sink.Discard();
            throw new ReportException(ReportCheck.Age, $"The sealed file does not open: {e.Message}", e);
        }
        catch
        {
            sink.Discard();
            throw;
        }
        if (opened.Verdict == ReportVerdict.Decoy)
        {
            sink.Discard();
        }
        else
        {
            sink.Keep(opened);
        }
        return opened;
    }

    private static OpenedReport ReadPlaintext(AgeOpenStream plaintext, IReadOnlyList<HybridIdentity> mine, KnownRosters known, IAttachmentSink sink)
    {
        byte[] start = new byte[UstarHeader.MaxNameLength];
        int length = plaintext.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        PrefixedStream whole = new(start.AsMemory(0, length), plaintext);
        int stanzas = plaintext.Header.Stanzas.Count;
        if (length < start.Length || !IsReport(start))
        {
            return ReadPlain(whole, stanzas, plaintext.MatchedIdentity, sink);
        }
        try
        {
            ReportContent content = ReportContent.Read(whole, sink);
            string opener = ReportRoster.RecipientSha256(mine[plaintext.MatchedIdentity].Recipient);
            return new OpenedReport
            {
                Verdict = content.Report.Kind == ReportKind.Decoy ? ReportVerdict.Decoy : ReportVerdict.Report,
                Report = content.Report,
                ReportJsonSha256 = Convert.ToHexStringLower(SHA256.HashData(content.Json)),
                Alarms = known.Judge(content.Report.Roster, content.Report.Day, stanzas, opener),
                RecipientCount = stanzas,
                IdentityIndex = plaintext.MatchedIdentity,
                PlaintextSizeInBytes = plaintext.Position,
            };
        }
        catch (ReportException e)
        {
            // The age file is the first check: a file that was cut is to be fetched again, and is not the source's doing. It fails here.
            plaintext.CopyTo(Stream.Null);
            e.IdentityIndex = plaintext.MatchedIdentity;
            throw;
        }
    }

    private static bool IsReport(ReadOnlySpan<byte> start) =>
        start.StartsWith("report.json"u8) && !start["report.json".Length..].ContainsAnyExcept((byte)0);

    private static OpenedReport ReadPlain(PrefixedStream whole, int stanzas, int identity, IAttachmentSink sink)
    {
        using (Stream file = sink.Create(0, -1))
        {
            whole.CopyTo(file);
        }
        return new OpenedReport
        {
            Verdict = ReportVerdict.Plain,
            Report = null,
            ReportJsonSha256 = null,
            Alarms = [],
            RecipientCount = stanzas,
            IdentityIndex = identity,
            PlaintextSizeInBytes = whole.Position,
        };
    }
}
