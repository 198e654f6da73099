using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Archives;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Archives;

namespace SecureDrop.Tests.Vectors;

/// <summary>The sealed reports of <see cref="OwnVectorWriter"/>: what each is, is written down by hand here and never asked of the reader.</summary>
internal sealed class OwnReportVectors(TestDrop drop, VerifiedRoster roster)
{
    private readonly JsonArray _reports = [];

    internal JsonObject Write(JsonNode answer)
    {
        WriteGood();
        WriteAlarming();
        WriteWronglySigned();
        WriteWrongJson();
        WriteWrongAttachments();
        WriteWrongArchives();
        WriteWrongFiles();
        string[] identities = [.. drop.Reviewers.Select(reviewer => AgeFiles.SecretText(reviewer.Identity))];
        return new JsonObject
        {
            ["identity"] = identities[0],
            ["others"] = new JsonArray([.. identities.Skip(1).Select(text => (JsonNode)text)]),
            ["answer"] = answer,
            ["link"] = drop.DropKey.PublicKey.Text,
            ["day"] = Crypto.Json.Day.Write(TestDrop.Today),
            ["reports"] = _reports,
        };
    }

    private void WriteGood()
    {
        Report text = New("the valve leaks");
        AddReport("a text", text);
        AddReport("the same report sealed anew", text, novelty: nameof(ReportNovelty.Duplicate));
        AddReport("its id used again with other words", text with { Message = "the valve is fine" }, novelty: nameof(ReportNovelty.IdReused));
        AddReport("Chinese, with answers, contact and a wish for a reward", New("阀门在漏 😀") with
        {
            Language = "zh-Hans",
            Category = "other",
            Answers = new Dictionary<string, string> { ["when"] = "昨天", ["\"quoted\"\n"] = "\u202e\u001b[2J" },
            Contact = "+00 0",
            Reward = true,
        });
        AddReport("a follow-up", New("again") with { Kind = ReportKind.FollowUp });
        AddReport("an unknown kind", New("x") with { Kind = "poem" });
        AddReport("a decoy", New("") with { Kind = ReportKind.Decoy });
        AddReport("attachments: hostile name, empty, one that fills its last block", New("see attached"),
            TestDrop.Attach("../../.ssh/authorized_keys", AgeFiles.Random(3000)), TestDrop.Attach("空.pdf", []), TestDrop.Attach("\u202egpj.exe", AgeFiles.Random(70_144)));
        int room = ReportLimits.MaxJsonWithoutAttachmentsInBytes - New("").Write().Length;
        AddReport("a text full to its last byte", New(new string('x', room)));
        byte[] letter = TarBytes.Archive(65_536, TarBytes.Member("letter.txt", "by hand"u8));
        Add("a plain report, an archive by hand", letter, new JsonObject { ["check"] = null, ["verdict"] = "plain", ["alarms"] = new JsonArray(), ["attachments"] = new JsonArray() });
    }

    private void WriteAlarming()
    {
        Report text = New("x");
        ReportRoster named = text.Roster;
        string stranger = ReportRoster.RecipientSha256(drop.Former.Identity.Recipient);
        AddAlarm("a roster of another version", named with { Version = 7 }, ReportAlarm.RosterUnknown);
        AddAlarm("a roster of another digest", named with { Sha256 = new string('0', 64) }, ReportAlarm.RosterUnknown);
        AddAlarm("fewer recipients named than stanzas", named with { Recipients = [.. named.Recipients.Take(2)] }, ReportAlarm.RecipientsAreNotTheStanzas);
        AddAlarm("a recipient that nobody knows", named with { Recipients = [named.Recipients[0], named.Recipients[1], stranger] }, ReportAlarm.RecipientUnknown);
        AddAlarm(
            "the first reviewer not named",
            named with { Recipients = [named.Recipients[1], named.Recipients[2]] },
            ReportAlarm.RecipientsAreNotTheStanzas,
            ReportAlarm.OwnRecipientNotNamed);
    }

    private void WriteWronglySigned()
    {
        byte[] json = New("x").Write();
        Refuse("signed by another key", "key number", Text(json, Sign(StatementPurpose.Report, json, drop.DropKey)));
        Refuse("signed as a reply", "purpose", Text(json, Sign(StatementPurpose.Reply, json, drop.Keys.Signing)));
        Refuse("other bytes than were signed", "signature", Text([.. json, (byte)' '], Sign(StatementPurpose.Report, json, drop.Keys.Signing)));
        Refuse("not signed", "signature", TarBytes.Archive(65_536, TarBytes.Member("report.json", json)));
    }

    private void WriteWrongJson()
    {
        string json = Encoding.UTF8.GetString(New("x").Write());
        RefuseJson("a member missing", json.Replace("\"reward\":false,", "", StringComparison.Ordinal));
        RefuseJson("a nested member twice, once escaped", json.Replace("\"version\":1", "\"version\":1,\"v\\u0065rsion\":1", StringComparison.Ordinal));
        RefuseJson("half of a surrogate pair", json.Replace("\"message\":\"x\"", "\"message\":\"\\ud800\"", StringComparison.Ordinal));
        RefuseJson("a byte order mark", "\ufeff" + json);
        RefuseJson("an integer that is a fraction", json.Replace("\"version\":1", "\"version\":1.0", StringComparison.Ordinal));
        RefuseJson("another format", json.Replace("securedrop-report/1", "securedrop-report/2", StringComparison.Ordinal));
        RefuseJson("larger than a text may be", json + new string(' ', ReportLimits.MaxJsonWithoutAttachmentsInBytes + 1 - json.Length));
    }

    private void WriteWrongAttachments()
    {
        byte[] one = AgeFiles.Random(1000);
        byte[] two = AgeFiles.Random(1000);
        IReadOnlyList<ReportAttachment> named = AttachmentSource.Describe([TestDrop.Attach("a", one), TestDrop.Attach("b", two)]);
        byte[][] text = Members(New("x", named).Write());
        byte[] first = TarBytes.Member("attachments/0001", one);
        byte[] second = TarBytes.Member("attachments/0002", two);
        Refuse("attachments swapped", "attachment", TarBytes.Archive(65_536, [.. text, TarBytes.Member("attachments/0001", two), TarBytes.Member("attachments/0002", one)]));
        Refuse("attachments in another order", "attachment", TarBytes.Archive(65_536, [.. text, second, first]));
        Refuse("an attachment missing", "attachment", TarBytes.Archive(65_536, [.. text, first]));
        Refuse("an attachment too many", "attachment", TarBytes.Archive(65_536, [.. text, first, second, TarBytes.Member("attachments/0003", [])]));
        Refuse("an absolute path", "attachment", TarBytes.Archive(65_536, [.. text, first, TarBytes.Member("/etc/cron.d/evil", two)]));
        Refuse("a path upwards, named so", "attachment", TarBytes.Archive(65_536, [.. Members(New("x", named[0] with { Path = "../evil" }).Write()), TarBytes.Member("../evil", one)]));
        Refuse("an attachment before the signature", "signature", TarBytes.Archive(65_536, [text[0], first, text[1], second]));
    }

    private void WriteWrongArchives()
    {
        byte[][] text = Members(New("x").Write());
        byte[] padding = [.. text[0]];
        padding[^1] = 1;
        byte[] base256 = TarBytes.Member("attachments/0001", []);
        BinaryPrimitives.WriteUInt64BigEndian(base256.AsSpan(124), 0x8000_0000_0000_0000);
        TarBytes.FixChecksum(base256);
        byte[] huge = new byte[512];
        UstarHeader.Write("attachments/0001", UstarHeader.MaxContentSizeInBytes, huge);
        byte[] after = TarBytes.Archive(65_536, text);
        after[^1] = 1;
        byte[] checksum = TarBytes.Member("attachments/0001", []);
        checksum[148] ^= 1;
        Refuse("a symbolic link", "archive", TarBytes.Archive(65_536, [.. text, TarBytes.Link("attachments/0001", '2', "/etc/passwd")]));
        Refuse("a hard link", "archive", TarBytes.Archive(65_536, [.. text, TarBytes.Link("attachments/0001", '1', "report.json")]));
        Refuse("a device", "archive", TarBytes.Archive(65_536, [.. text, TarBytes.Link("attachments/0001", '4', "")]));
        Refuse("a size in base 256", "archive", TarBytes.Archive(65_536, [.. text, base256]));
        Refuse("a size of 8 GiB less one", "archive", TarBytes.Archive(65_536, [.. text, huge]));
        Refuse("a wrong checksum", "archive", TarBytes.Archive(65_536, [.. text, checksum]));
        Refuse("padding that is not zero", "archive", TarBytes.Archive(65_536, [padding, text[1]]));
        Refuse("something after the end", "archive", after);
        Refuse("no end", "archive", [.. text[0], .. text[1]]);
        Refuse("a class too large", "size class", TarBytes.Archive(81_920, text));
        Refuse("no class", "size class", TarBytes.Archive(0, text));
    }

    private void WriteWrongFiles()
    {
        byte[] file = Seal(New("x"), [TestDrop.Attach("a", AgeFiles.Random(100_000))]);
        int header = file.Length - 114_688 - (2 * 16);
        byte[] flipped = [.. file];
        flipped[header + 10] ^= 1;
        AddFile("cut by a byte", file[..^1], Refusal("age"));
        AddFile("cut after the first chunk", file[..(header + 65_536 + 16)], Refusal("age"));
        AddFile("a byte after the end", [.. file, 0], Refusal("age"));
        AddFile("a sealed byte flipped", flipped, Refusal("age"));
        AddFile("sealed to somebody else", AgeFiles.Seal(TarBytes.Archive(65_536, Members(New("x").Write())), drop.Former.Identity.Recipient), Refusal("age"));
    }

    private Report New(string message, params IReadOnlyList<ReportAttachment> attachments) =>
        drop.NewReport(message, attachments) with { Roster = ReportRoster.For(roster) };

    private byte[] Seal(Report report, IReadOnlyList<AttachmentSource> sources)
    {
        using MemoryStream file = new();
        ReportSealer.Seal(file, drop.Recipients, report with { Attachments = AttachmentSource.Describe(sources) }, drop.Keys.Signing, sources);
        return file.ToArray();
    }

    private void AddReport(string what, Report report, params IReadOnlyList<AttachmentSource> sources) => AddReport(what, report, null, sources);

    private void AddReport(string what, Report report, string? novelty, params IReadOnlyList<AttachmentSource> sources)
    {
        JsonObject outcome = Outcome(report);
        foreach (AttachmentSource source in sources)
        {
            using Stream content = source.Open();
            outcome["attachments"]!.AsArray().Add(new JsonObject
            {
                ["name"] = source.Name,
                ["bytes"] = content.Length,
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
            });
        }
        if (novelty is not null)
        {
            outcome["novelty"] = novelty;
        }
        AddFile(what, Seal(report, sources), outcome);
    }

    private void AddAlarm(string what, ReportRoster named, params IReadOnlyList<ReportAlarm> alarms)
    {
        Report report = New("x") with { Roster = named };
        JsonObject outcome = Outcome(report);
        outcome["alarms"] = new JsonArray([.. alarms.Select(alarm => (JsonNode)alarm.Name())]);
        Add(what, TarBytes.Archive(65_536, Members(report.Write())), outcome);
    }

    private static JsonObject Outcome(Report report) => new()
    {
        ["check"] = null,
        ["verdict"] = report.Kind == ReportKind.Decoy ? "decoy" : "report",
        ["alarms"] = new JsonArray(),
        ["message"] = report.Message,
        ["conversation"] = report.Conversation.SigningKey.Text,
        ["attachments"] = new JsonArray(),
    };

    private static JsonObject Refusal(string check) => new() { ["check"] = check };

    private void Refuse(string what, string check, byte[] plaintext) => Add(what, plaintext, Refusal(check));

    private void RefuseJson(string what, string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        byte[][] members = Members(bytes);
        Refuse(what, "report.json", TarBytes.Archive(SizeClass.For(members.Sum(member => member.Length) + ArchiveWriter.EndSizeInBytes), members));
    }

    private void Add(string what, byte[] plaintext, JsonObject outcome) => AddFile(what, drop.SealPlaintext(plaintext), outcome);

    private void AddFile(string what, byte[] file, JsonObject outcome)
    {
        string name = $"reports/{_reports.Count + 1:D2}.age";
        OwnVectorWriter.WriteFile(name, file);
        JsonObject entry = new() { ["file"] = name, ["what"] = what };
        foreach ((string member, JsonNode? value) in outcome)
        {
            entry[member] = value?.DeepClone();
        }
        _reports.Add((JsonNode)entry);
    }

    private byte[][] Members(byte[] json) => Members(json, Sign(StatementPurpose.Report, json, drop.Keys.Signing));

    private static byte[][] Members(byte[] json, string signature) =>
        [TarBytes.Member("report.json", json), TarBytes.Member("report.json.minisig", Encoding.ASCII.GetBytes(signature))];

    private static byte[] Text(byte[] json, string signature) => TarBytes.Archive(65_536, Members(json, signature));

    private static string Sign(StatementPurpose purpose, byte[] json, MinisignKeyPair key) => SignedStatement.Sign(purpose, json, key).Signature;
}
