using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Archives;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Archives;
using SecureDrop.Tests.Reviewer.Processes;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>What a hostile source sends, all the way from the server to the screen and to the folder.</summary>
public sealed class HostileReportsTests
{
    private const string NotSigned = "not signed by its sender", NotWhatItSays = "a file in it is not what it says", Cut = "damaged: the sealed file is cut or changed",
        Form = "not a report of the right form";

    private const string Evil = "\x1b]52;c;ZXZpbA==\a\x1b[2J\u009b31m\u202e\u200b\u2066\r\nALARM  forged";

    [Fact]
    public async Task Reports_OfEveryHostileForm_AreListedAsSuchAndWriteNothing()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await source.RosterAsync();
        Dictionary<string, string> expected = [];
        foreach ((string name, byte[] sealedReport, string problem) in await HostileAsync(source))
        {
            await source.UploadAsync(sealedReport);
            expected.Add(name, problem);
        }

        await source.TellAsync("an honest one");
        string[] outside = Outside(at);
        string summary = await at.Desk.OkAsync("sync");
        Assert.Contains($"{expected.Count + 1} new", summary, StringComparison.Ordinal);
        Assert.Contains($"{expected.Count} with something to look at first", summary, StringComparison.Ordinal);
        JsonElement[] lines = await at.InboxAsync();
        JsonElement[] broken = [.. lines.Where(l => l.GetProperty("state").GetString() == "not opened")];
        Assert.Equal(expected.Values.Order(StringComparer.Ordinal),
            broken.Select(l => l.GetProperty("firstWords").GetString()!.Trim('(', ')').Split(": ")[0] is Form ? Form : l.GetProperty("firstWords").GetString()!.Trim('(', ')')).Order(StringComparer.Ordinal));
        foreach (JsonElement line in broken)
        {
            string handle = line.GetProperty("handle").GetString()!, folder = at.Desk.File_("case-" + handle);
            foreach (string[] arguments in new string[][] { ["open", handle], ["open", handle, "--json"], ["open", handle, "--out", folder], ["open", handle, "--out", folder, "--json"] })
            {
                Ran ran = await at.Desk.RunAsync(arguments);
                Assert.Equal(ExitCode.BadReport, ran.Code);
                Assert.Empty(ran.Output);
                InterruptedSyncTests.AssertIsOneSentence(ran.Error);
            }

            Assert.Equal(ExitCode.BadReport, (await at.Desk.RunWithInputAsync("hello", "reply", handle, "-")).Code);
        }

        Assert.Equal(outside, Outside(at));
        string honest = lines.Single(l => l.GetProperty("state").GetString() == "new").GetProperty("handle").GetString()!;
        Assert.Contains("an honest one", await at.Desk.OkAsync("open", honest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_OfAHundredThousandMembersOrCut_WritesNothing()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        byte[][] text = Members((await source.NewReportAsync("many")).Write(), source.Keys!.Signing);
        byte[] whole = await SealAsync(source, TarBytes.Archive(65_536, text));
        (string Name, byte[] File)[] files =
        [
            ("many", await SealAsync(source, TarBytes.Archive(0, [.. text, .. Enumerable.Repeat(TarBytes.Member("attachments/0001", []), 100_000)]))),
            ("cut", whole[..^1]), ("half", whole[..(whole.Length / 2)]), ("longer", [.. whole, 0]), ("empty", []), ("text", "hello"u8.ToArray()),
        ];
        string[] outside = Outside(at);
        foreach ((string name, byte[] bytes) in files)
        {
            string file = at.Desk.File_("report.age");
            await File.WriteAllBytesAsync(file, bytes);
            Ran ran = await at.Desk.RunAsync("open", file, "--out", at.Desk.File_("case"));
            Assert.True(ran.Code == ExitCode.BadReport, $"{name}: {ran.Code}: {ran.Error}");
            InterruptedSyncTests.AssertIsOneSentence(ran.Error);
            File.Delete(file);
            Assert.Equal(outside, Outside(at));
        }
    }

    [Fact]
    public async Task Report_WithTheIdOfAnother_IsAnAlarmAndTheFirstStays()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        string id = "";
        await source.TellAsync("the first words", change: r => { id = r.Id; return r; });
        await at.Desk.OkAsync("sync");
        await source.TellAsync("other words under the same id", change: r => r with { Id = id });
        await at.Desk.OkAsync("sync");
        JsonElement[] lines = await at.InboxAsync();
        Assert.Equal(2, lines.Length);
        JsonElement second = lines.Single(l => l.GetProperty("firstWords").GetString()!.StartsWith("other", StringComparison.Ordinal));
        Assert.Equal("ALARM", second.GetProperty("state").GetString());
        Ran ran = await at.Desk.RunAsync("open", second.GetProperty("handle").GetString()!);
        Assert.Equal(ExitCode.Alarm, ran.Code);
        Assert.StartsWith("ALARM  It carries the id of another report", ran.Output, StringComparison.Ordinal);
        await at.Desk.OkAsync("open", lines.Single(l => l.GetProperty("state").GetString() == "new").GetProperty("handle").GetString()!);
    }

    [Fact]
    public async Task Text_ThatIsHostile_LeavesNoRawByteOnEitherOutputOfTheProcess()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await source.TellAsync(Evil, change: r => r with
        {
            Kind = Evil, Language = Evil, Category = Evil, Contact = Evil, Answers = new Dictionary<string, string> { [Evil] = Evil },
        }, files: [TestDrop.Attach(Evil, "x"u8.ToArray())]);
        await at.Desk.OkAsync("sync");
        string handle = await at.OnlyHandleAsync(), folder = at.Desk.File_("case");
        foreach (string[] arguments in new string[][]
        {
            ["inbox"], ["inbox", "--json"], ["open", handle, "--no-receipt"], ["open", handle, "--no-receipt", "--json"], ["open", handle, "--no-receipt", "--out", folder],
        })
        {
            Ran ran = await ReviewerProcess.RunAsync(at.Desk, arguments);
            Assert.True(ran.Code == ExitCode.Ok, ran.Error);
            string all = ran.Output + ran.Error;
            Assert.DoesNotContain(all, c => char.IsControl(c) && c != '\n');
            Assert.DoesNotContain(all, c => c is '\u202e' or '\u200b' or '\u2066');
            Assert.DoesNotContain(all.Split('\n'), l => l.StartsWith("ALARM", StringComparison.Ordinal));
        }

        // As it was written, for whoever wants the bytes; its name is ours.
        Assert.Equal(Evil, await File.ReadAllTextAsync(Path.Combine(folder, "message.txt")));
        Assert.Equal(["0001.bin", "message.txt"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
    }

    private static async Task<List<(string Name, byte[] Sealed, string Problem)>> HostileAsync(SourceAtWork source)
    {
        using MinisignKeyPair another = MinisignKeyPair.Generate();
        using HybridIdentity stranger = HybridIdentity.Generate();
        byte[] first = AgeFiles.Random(100), second = AgeFiles.Random(100);
        MinisignKeyPair own = source.Keys!.Signing;
        Report report = await source.NewReportAsync("hostile");
        byte[] json = report.Write();
        byte[] withFiles = (report with { Id = Report.NewId(), Attachments = AttachmentSource.Describe([TestDrop.Attach("a", first), TestDrop.Attach("b", second)]) }).Write();
        byte[][] text = Members(json, own), files = Members(withFiles, own);
        byte[] member1 = TarBytes.Member("attachments/0001", first), member2 = TarBytes.Member("attachments/0002", second);
        byte[] huge = TarBytes.Member("attachments/0001", []);
        BinaryPrimitives.WriteUInt64BigEndian(huge.AsSpan(124), 0x8000_0000_0000_0000);
        TarBytes.FixChecksum(huge.AsSpan(0, UstarHeader.SizeInBytes));
        byte[] flipped = await SealAsync(source, TarBytes.Archive(65_536, text));
        flipped[^20] ^= 1;
        List<(string Name, byte[] Sealed, string Problem)> all =
        [
            ("changed on the way", flipped, Cut),
            ("to somebody else", AgeFiles.Seal(TarBytes.Archive(65_536, text), stranger.Recipient), "not sealed to you"),
        ];
        (string Name, byte[][] Members, string Problem)[] archives =
        [
            ("signed by another", Members(json, another), NotSigned),
            ("not signed", [text[0]], NotSigned),
            ("reordered", [files[0], member1, files[1], member2], NotSigned),
            ("files in another order", [.. files, member2, member1], NotWhatItSays),
            ("swapped files", [.. files, TarBytes.Member("attachments/0001", second), TarBytes.Member("attachments/0002", first)], NotWhatItSays),
            ("a file missing", [.. files, member1], NotWhatItSays),
            ("a file more", [.. text, member1], NotWhatItSays),
            ("absolute path", [.. text, TarBytes.Member("/tmp/securedrop-evil", first)], NotWhatItSays),
            ("path upwards", [.. text, TarBytes.Member("../../securedrop-evil", first)], NotWhatItSays),
            ("symbolic link", [.. text, TarBytes.Link("attachments/0001", '2', "/etc/passwd")], Form),
            ("hard link", [.. text, TarBytes.Link("attachments/0001", '1', "report.json")], Form),
            ("device", [.. text, TarBytes.Link("attachments/0001", '3', "")], Form),
            ("pipe", [.. text, TarBytes.Link("attachments/0001", '6', "")], Form),
            ("folder", [.. text, TarBytes.Link("attachments/", '5', "")], Form),
            ("huge length", [.. text, huge], Form),
            ("no report in it", [TarBytes.Member("report.json", Encoding.UTF8.GetBytes(Evil)), text[1]], Form),
        ];
        foreach ((string name, byte[][] members, string problem) in archives)
        {
            all.Add((name, await SealAsync(source, TarBytes.Archive(65_536, members)), problem));
        }

        return all;
    }

    private static byte[][] Members(byte[] json, MinisignKeyPair key) =>
    [
        TarBytes.Member("report.json", json),
        TarBytes.Member("report.json.minisig", Encoding.ASCII.GetBytes(SignedStatement.Sign(StatementPurpose.Report, json, key).Signature)),
    ];

    private static async Task<byte[]> SealAsync(SourceAtWork source, byte[] plaintext)
    {
        HybridRecipient[] recipients = [.. (await source.RosterAsync()).Recipients.Select(r => r.Key)];
        return AgeFiles.Seal(plaintext, recipients);
    }

    /// <summary>All paths of the desk but those in its home.</summary>
    private static string[] Outside(DropAndDesk at) =>
    [
        .. Directory.GetFileSystemEntries(Path.GetDirectoryName(at.Desk.Home)!, "*", SearchOption.AllDirectories)
            .Where(p => !p.StartsWith(at.Desk.Home + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        .. File.Exists("/tmp/securedrop-evil") ? (string[])["/tmp/securedrop-evil"] : [],
    ];
}
