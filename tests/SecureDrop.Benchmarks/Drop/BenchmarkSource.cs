using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>A source: fetches the roster, and seals as the page does, with a codename of its own for every report.</summary>
internal sealed class BenchmarkSource(VerifiedRoster roster)
{
    internal static async Task<BenchmarkSource> AtAsync(HttpClient server, DateOnly today) =>
        new(RosterVerifier.Verify(RosterAnswer.Parse(await server.GetByteArrayAsync("/api/v1/roster")), null, today));

    /// <summary>Seals a report to the whole roster.</summary>
    internal void Seal(Stream destination, DateOnly day, string kind, string message, IReadOnlyList<AttachmentSource> files)
    {
        using Codename codename = Codename.Generate();
        using CodenameKeys keys = codename.DeriveKeys(roster.Roster.DropKey);
        Report report = new()
        {
            Id = Report.NewId(), Kind = kind, Day = day, Roster = ReportRoster.For(roster),
            Conversation = new ReportConversation(keys.Recipient.Recipient.Text, keys.Signing.PublicKey, Convert.ToHexStringLower(keys.Tag)),
            Language = "en", Category = null, Answers = new Dictionary<string, string>(), Message = message, Contact = null, Reward = false,
            Attachments = AttachmentSource.Describe(files),
        };
        ReportSealer.Seal(destination, [.. roster.Recipients.Select(r => r.Key)], report, keys.Signing, files);
    }

    internal byte[] SealText(DateOnly day, string kind, string message)
    {
        using MemoryStream bytes = new();
        Seal(bytes, day, kind, message, []);
        return bytes.ToArray();
    }
}
