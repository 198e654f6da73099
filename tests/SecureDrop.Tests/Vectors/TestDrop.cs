using System.Security.Cryptography;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Tests.Age;

namespace SecureDrop.Tests.Vectors;

/// <summary>A reviewer's keys.</summary>
internal sealed record TestReviewer(HybridIdentity Identity, MinisignKeyPair Signing, MinisignKeyPair Session);

/// <summary>A drop with three reviewers (or as many as are asked for) and one source, with new keys.</summary>
internal sealed class TestDrop
{
    internal static readonly DateOnly Today = new(2026, 11, 24);

    internal TestDrop(int reviewers = 3)
    {
        Reviewers = [.. Enumerable.Range(0, reviewers).Select(_ => NewReviewer())];
        Keys = Codename.DeriveKeys(DropKey.PublicKey);
        Roster = NewRoster(version: 1, Today);
    }

    internal MinisignKeyPair DropKey { get; } = MinisignKeyPair.Generate();

    internal IReadOnlyList<TestReviewer> Reviewers { get; }

    internal TestReviewer Former { get; } = NewReviewer();

    internal DateOnly FormerLastDay { get; } = Today.AddDays(-1);

    internal Codename Codename { get; } = Codename.Generate();

    internal CodenameKeys Keys { get; }

    internal Roster Roster { get; }

    internal IReadOnlyList<HybridRecipient> Recipients => [.. Reviewers.Select(reviewer => reviewer.Identity.Recipient)];

    internal ReportConversation Conversation =>
        new(Keys.Recipient.Recipient.Text, Keys.Signing.PublicKey, Convert.ToHexStringLower(Keys.Tag));

    /// <summary>What a reader that has seen this drop's one roster knows.</summary>
    internal KnownRosters Known => new([KnownRoster(Roster)], []);

    internal static TestReviewer NewReviewer() => new(HybridIdentity.Generate(), MinisignKeyPair.Generate(), MinisignKeyPair.Generate());

    /// <summary>A roster as known; its digest is that of its version, as nothing here depends on its bytes.</summary>
    internal static KnownRoster KnownRoster(Roster roster) => new(roster, Sha256(roster));

    internal static byte[] Sha256(Roster roster) => SHA256.HashData(BitConverter.GetBytes(roster.Version));

    internal Roster NewRoster(long version, DateOnly issued) => new()
    {
        DropKey = DropKey.PublicKey,
        Name = new Dictionary<string, string> { ["en"] = "Test drop", ["zh-Hans"] = "测试" },
        Version = version,
        Issued = issued,
        Expires = issued.AddDays(Roster.LifetimeInDays),
        Origins = ["http://localhost:8080"],
        Reviewers = [.. Reviewers.Select((reviewer, index) => new RosterReviewer(
            new Dictionary<string, string> { ["en"] = $"Reviewer {index + 1}" },
            reviewer.Signing.PublicKey,
            reviewer.Session.PublicKey,
            new RosterRecipient(reviewer.Identity.Recipient, issued.AddDays(Roster.RotatingRecipientsInDays))))],
        Former = [new FormerReviewer(new Dictionary<string, string> { ["en"] = "Gone" }, Former.Signing.PublicKey, FormerLastDay)],
    };

    internal Report NewReport(string message = "the valve leaks", params IReadOnlyList<ReportAttachment> attachments) => new()
    {
        Id = Report.NewId(),
        Kind = ReportKind.Report,
        Day = Today,
        Roster = new ReportRoster(Roster.Version, Convert.ToHexStringLower(Sha256(Roster)), [.. Recipients.Select(ReportRoster.RecipientSha256)]),
        Conversation = Conversation,
        Language = "en",
        Category = null,
        Answers = new Dictionary<string, string> { ["when"] = "yesterday" },
        Message = message,
        Contact = null,
        Reward = false,
        Attachments = attachments,
    };

    internal byte[] Seal(Report report, params IReadOnlyList<AttachmentSource> attachments)
    {
        using MemoryStream file = new();
        ReportSealer.Seal(file, Recipients, report, Keys.Signing, attachments);
        return file.ToArray();
    }

    /// <summary>Seals any plaintext to the reviewers, as a hostile source could.</summary>
    internal byte[] SealPlaintext(ReadOnlySpan<byte> plaintext) => AgeFiles.Seal(plaintext, [.. Recipients]);

    /// <summary>Opens as the first reviewer.</summary>
    internal OpenedReport Open(byte[] file, IAttachmentSink? sink = null, KnownRosters? known = null) =>
        ReportReader.Read(new MemoryStream(file), [Reviewers[0].Identity], known ?? Known, sink ?? new DiscardingAttachmentSink());

    internal static AttachmentSource Attach(string name, byte[] content) => new(name, "application/octet-stream", () => new MemoryStream(content));
}
