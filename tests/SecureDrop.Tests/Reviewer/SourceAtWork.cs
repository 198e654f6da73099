using System.Net;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Reviewer;

/// <summary>A source with its codename, doing over HTTP what the page does.</summary>
internal sealed class SourceAtWork : IDisposable
{
    private readonly HttpClient _drop;
    private readonly Func<DateOnly> _today;
    private readonly Codename _codename = Codename.Generate();

    public SourceAtWork(RunningDrop drop)
        : this(drop.Source, () => drop.Today)
    {
    }

    /// <param name="drop">The sources' side of a drop.</param>
    /// <param name="today">The source's clock.</param>
    public SourceAtWork(HttpClient drop, Func<DateOnly> today) => (_drop, _today) = (drop, today);

    public CodenameKeys? Keys { get; private set; }

    public async Task<VerifiedRoster> RosterAsync()
    {
        RosterAnswer answer = RosterAnswer.Parse(await _drop.GetByteArrayAsync("/api/v1/roster"));
        VerifiedRoster verified = RosterVerifier.Verify(answer, null, _today());
        Keys ??= _codename.DeriveKeys(verified.Roster.DropKey);
        return verified;
    }

    public async Task<Report> NewReportAsync(string message, string kind = ReportKind.Report)
    {
        VerifiedRoster roster = await RosterAsync();
        return new Report
        {
            Id = Report.NewId(), Kind = kind, Day = _today(), Roster = ReportRoster.For(roster),
            Conversation = new ReportConversation(Keys!.Recipient.Recipient.Text, Keys.Signing.PublicKey, Convert.ToHexStringLower(Keys.Tag)),
            Language = "en", Category = null, Answers = new Dictionary<string, string>(), Message = message, Contact = null, Reward = false,
            Attachments = [],
        };
    }

    /// <summary>Seals and uploads; returns the sealed bytes.</summary>
    public async Task<byte[]> TellAsync(string message, string kind = ReportKind.Report, Func<Report, Report>? change = null,
        params AttachmentSource[] files)
    {
        VerifiedRoster roster = await RosterAsync();
        Report report = await NewReportAsync(message, kind) with { Attachments = AttachmentSource.Describe(files) };
        report = change?.Invoke(report) ?? report;
        using MemoryStream bytes = new();
        ReportSealer.Seal(bytes, [.. roster.Recipients.Select(r => r.Key)], report, Keys!.Signing, files);
        byte[] sealedReport = bytes.ToArray();
        await UploadAsync(sealedReport);
        return sealedReport;
    }

    public async Task UploadAsync(byte[] sealedReport)
    {
        UploadClient upload = await UploadClient.NewAsync(_drop);
        HttpStatusCode status = sealedReport.Length > 200_000 ? await upload.PutLargeAsync(sealedReport) : await upload.PutTextAsync(sealedReport);
        Assert.Equal(HttpStatusCode.NoContent, status);
    }

    /// <summary>What the source finds in all dead drops.</summary>
    /// <param name="at">Another server of the drop.</param>
    public async Task<FoundReplies> LookAsync(HttpClient? at = null)
    {
        HttpClient drop = at ?? _drop;
        VerifiedRoster roster = await RosterAsync();
        using System.Text.Json.JsonDocument index = System.Text.Json.JsonDocument.Parse(await drop.GetByteArrayAsync("/api/v1/dead-drops"));
        List<DeadDrop> drops = [];
        foreach (System.Text.Json.JsonElement entry in index.RootElement.EnumerateArray())
        {
            string day = entry.GetProperty("day").GetString()!;
            int shard = Shard.Of(Keys!.Tag, entry.GetProperty("shardBits").GetInt32());
            drops.Add(new DeadDrop(DateOnly.ParseExact(day, "yyyy-MM-dd"), await drop.GetByteArrayAsync($"/api/v1/dead-drops/{day}/{shard}")));
        }

        return DeadDropReader.Read(drops, Keys!, roster.Roster, _today());
    }

    public void Dispose()
    {
        Keys?.Dispose();
        _codename.Dispose();
    }
}
