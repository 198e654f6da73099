using System.Text.Json;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

/// <summary>The whole way over the real server, with the real command table.</summary>
public sealed class ConversationTests
{
    [Fact]
    public async Task Conversation_ReportAnswerFollowUp_GoesThere_AndBack()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("The harbour gate is never locked.");
        JsonElement line = Assert.Single(await at.InboxAsync());
        Assert.Equal("new", line.GetProperty("state").GetString());
        Assert.Equal("The harbour gate is never locked.", line.GetProperty("firstWords").GetString());
        string handle = line.GetProperty("handle").GetString()!;

        string shown = await at.Desk.OkAsync("open", handle);
        Assert.StartsWith("sealed to you alone · current roster · signature intact · first message of this person", shown, StringComparison.Ordinal);
        Assert.Contains("  │ The harbour gate is never locked.", shown, StringComparison.Ordinal);

        Ran reply = await at.Desk.RunWithInputAsync("Which gate?\n", "reply", handle, "-");
        Assert.Equal(ExitCode.Ok, reply.Code);
        Assert.Empty((await source.LookAsync()).Replies);
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        FoundReplies found = await source.LookAsync();
        Assert.Equal(0, found.UncheckedCount);
        Assert.Equal([ReplyKind.Receipt, ReplyKind.Message], found.Replies.Select(r => r.Kind));
        Assert.Equal("Which gate?", found.Replies[1].Message);

        await source.TellAsync("The eastern one.", ReportKind.FollowUp);
        await at.Desk.OkAsync("sync");
        JsonElement[] lines = await at.InboxAsync();
        Assert.Equal(["answered", "new follow-up"], lines.Select(l => l.GetProperty("state").GetString()));
        Assert.Equal(lines[0].GetProperty("conversation").GetString(), lines[1].GetProperty("conversation").GetString());
        string second = await at.Desk.OkAsync("open", lines[1].GetProperty("handle").GetString()!);
        Assert.Contains("second message of this person", second, StringComparison.Ordinal);
        Assert.Contains($"this person also wrote: {handle}", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inbox_OfOnePerson_ListsNobodyElse()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork ana = new(at.Drop);
        using SourceAtWork ben = new(at.Drop);
        for (int i = 1; i <= 8; i++)
        {
            await ana.TellAsync($"Ana {i}", i == 1 ? ReportKind.Report : ReportKind.FollowUp);
        }

        await ben.TellAsync("Ben");
        await at.Desk.OkAsync("sync");
        string handle = (await at.InboxAsync()).First(l => l.GetProperty("firstWords").GetString() == "Ana 1").GetProperty("handle").GetString()!;
        string listed = await at.Desk.OkAsync("inbox", "--conversation", handle);
        Assert.Equal(8, listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("Ben", listed, StringComparison.Ordinal);
        Assert.Contains($" and 2 more (`reviewer inbox --conversation {handle}`)", await at.Desk.OkAsync("open", handle), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_SameWordsWhileTheyAreOnTheirWay_AreSentOnce()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("The harbour gate is never locked.");
        string handle = await at.OnlyHandleAsync();
        string words = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"{i} "));
        foreach (string text in new[] { "Which gate?", "Which gate?", words, words, "Which gate", "Which gate?" })
        {
            Ran again = await at.Desk.RunWithInputAsync(text, "reply", handle, "-");
            Assert.Equal(ExitCode.Ok, again.Code);
            Assert.Contains("Sealed", again.Output, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.Ok, (await at.Desk.RunWithInputAsync("Which gate?", "reply", handle, "-", "--kind", ReplyKind.Closed)).Code);
        // Some parts of the long one have gone, and some wait for the next day.
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await at.Desk.OkAsync("sync");
        Ran rest = await at.Desk.RunWithInputAsync(words, "reply", handle, "-");
        Assert.Contains("on its way already", rest.Error, StringComparison.Ordinal);
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await at.Desk.OkAsync("sync");
        // Once they are out, they can be said again.
        Assert.DoesNotContain("on its way already", (await at.Desk.RunWithInputAsync("Which gate?", "reply", handle, "-")).Error, StringComparison.Ordinal);
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(new[] { words.Trim(), "Which gate", "Which gate?", "Which gate?", "Which gate?" }.Order(StringComparer.Ordinal),
            (await source.LookAsync()).Replies.Where(r => r.Kind != ReplyKind.Receipt).Select(r => r.Message.Trim()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reply_LongOne_KeepsNobodyElseWaiting()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork ana = new(at.Drop);
        using SourceAtWork ben = new(at.Drop);
        await ana.TellAsync("Ana");
        await ben.TellAsync("Ben");
        await at.Desk.OkAsync("sync");
        Dictionary<string, string> handles = (await at.InboxAsync()).ToDictionary(l => l.GetProperty("firstWords").GetString()!, l => l.GetProperty("handle").GetString()!);
        string words = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"{i} "));
        await at.Desk.RunWithInputAsync(words, "reply", handles["Ana"], "-");
        await at.Desk.RunWithInputAsync("Short.", "reply", handles["Ben"], "-");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(["Short."], (await ben.LookAsync()).Replies.Select(r => r.Message));
        // Its parts go on meanwhile, in their order.
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal([words.TrimEnd()], (await ana.LookAsync()).Replies.Select(r => r.Message.TrimEnd()));
    }

    [Fact]
    public async Task Reply_ThatCouldNotArriveInTime_IsRefusedAndKeepsNobodyWaiting()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("see");
        string handle = (await at.InboxAsync())[0].GetProperty("handle").GetString()!;
        Ran refused = await at.Desk.RunWithInputAsync(new string('a', 700_000), "reply", handle, "-");
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("The text is too long: it needs 13", refused.Error, StringComparison.Ordinal);
        Assert.Contains("and 112 can still be out", refused.Error, StringComparison.Ordinal);
        Assert.Contains("0 waiting", await at.Desk.OkAsync("status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_Decoys_LeaveNothingBehind()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await source.TellAsync("", ReportKind.Decoy);
        await source.TellAsync("", ReportKind.Decoy);
        await at.Desk.OkAsync("sync");
        Assert.Empty(await at.InboxAsync());
        Assert.Empty(at.SealedFiles());
    }

    [Fact]
    public async Task Sync_WhatWasToldTwice_IsListedOnce()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        byte[] sealedReport = await source.TellAsync("once");
        await source.UploadAsync(sealedReport);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("sync");
        Assert.Single(await at.InboxAsync());
        Assert.Single(at.SealedFiles());
    }

    [Fact]
    public async Task Sync_Batch_IsOfOneSizeWhetherAnybodyIsAnsweredOrNot()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync();
        await at.Desk.RunWithInputAsync(new string('x', 30_000), "reply", handle, "-");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        using JsonDocument index = JsonDocument.Parse(await at.Drop.Source.GetByteArrayAsync("/api/v1/dead-drops"));
        Assert.All(index.RootElement.EnumerateArray().Where(d => d.GetProperty("day").GetString() != "2026-11-26"),
            d => Assert.Equal(8 * DeadDropSlot.SizeInBytes, d.GetProperty("bytes")[0].GetInt64()));
    }

    [Fact]
    public async Task Reply_LongerThanABatch_WaitsAndArrivesWhole()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync();
        string text = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"{i} 字 "));
        Ran reply = await at.Desk.RunWithInputAsync(text.Trim(), "reply", handle, "-", "--json");
        using JsonDocument json = JsonDocument.Parse(reply.Output);
        Assert.True(json.RootElement.GetProperty("waiting").GetInt32() > 0);
        for (int day = 0; day < 6; day++)
        {
            await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
            await at.Desk.OkAsync("sync");
        }

        ShownReply shown = Assert.Single((await source.LookAsync()).Replies);
        Assert.Empty(shown.MissingParts);
        Assert.Equal(text.Trim(), shown.Message);
    }

    [Fact]
    public async Task Open_Attachments_AreTheSameBytesUnderNamesOfOurOwn()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        byte[] first = new byte[3_000_000];
        Random(first);
        byte[] second = "plain"u8.ToArray();
        await source.TellAsync("see files", files: [TestDrop.Attach("../../.bashrc", first), TestDrop.Attach("notes\u202etxt.pdf", second)]);
        await at.Desk.OkAsync("sync");
        string handle = await at.OnlyHandleAsync();
        string folder = at.Desk.File_("out");
        using JsonDocument json = JsonDocument.Parse(await at.Desk.OkAsync("open", handle, "--out", folder, "--json"));
        string[] paths = [.. json.RootElement.GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("path").GetString()!)];
        Assert.Equal([Path.Combine(folder, "0001.bin"), Path.Combine(folder, "0002.pdf")], paths);
        Assert.Equal(first, File.ReadAllBytes(paths[0]));
        Assert.Equal(second, File.ReadAllBytes(paths[1]));
        Assert.Equal(["0001.bin", "0002.pdf", "message.txt"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
        Assert.Equal(ExitCode.AlreadyThere, (await at.Desk.RunAsync("open", handle, "--out", folder)).Code);
    }

    [Fact]
    public async Task Open_HostileText_NeverReachesTheScreen()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        const string evil = "\x1b]52;c;ZXZpbA==\a\x1b[2J\u202e\u200b\nALARM  forged";
        await source.TellAsync(evil, change: r => r with
        {
            Kind = evil, Language = evil, Category = evil, Contact = evil, Answers = new Dictionary<string, string> { [evil] = evil },
        }, files: [TestDrop.Attach(evil, "x"u8.ToArray())]);
        await at.Desk.OkAsync("sync");
        string handle = await at.OnlyHandleAsync();
        Ran opened = await at.Desk.RunAsync("open", handle);
        string all = await at.Desk.OkAsync("inbox") + opened.Output + opened.Error + await at.Desk.OkAsync("open", handle, "--json");
        Assert.DoesNotContain(all, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', all);
        Assert.DoesNotContain(all.Split('\n'), l => l.StartsWith("ALARM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Delete_Report_IsGoneAndStaysGone()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync();
        Assert.Equal(ExitCode.NobodyToAsk, (await at.Desk.RunAsync("delete", handle)).Code);
        await at.Desk.OkAsync("delete", handle, "--yes");
        Assert.Empty(at.SealedFiles());
        await at.Desk.OkAsync("sync");
        Assert.Empty(await at.InboxAsync());
    }

    [Fact]
    public async Task Receipt_TurnedOff_IsNotSent()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        await at.Desk.OkAsync("open", await at.OnlyHandleAsync(), "--no-receipt");
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Empty((await source.LookAsync()).Replies);
    }

    [Fact]
    public async Task SameFile_FromTwoPeople_IsAnAlarmAndBothLearnThatSomebodyReads()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork first = new(at.Drop);
        await first.TellAsync("mine", files: [TestDrop.Attach("memo", "the memo that many hold"u8.ToArray())]);
        await at.Desk.OkAsync("sync");
        await at.Desk.OkAsync("open", await at.OnlyHandleAsync());
        using SourceAtWork second = new(at.Drop);
        await second.TellAsync("mine too", files: [TestDrop.Attach("memo", "the memo that many hold"u8.ToArray())]);
        await at.Desk.OkAsync("sync");
        string handle = Assert.Single(await at.InboxAsync("--new")).GetProperty("handle").GetString()!;
        Ran opened = await at.Desk.RunAsync("open", handle);
        Assert.Equal(ExitCode.Alarm, opened.Code);
        Assert.StartsWith("ALARM  A file in it is the same", opened.Output, StringComparison.Ordinal);
        await at.Desk.OkAsync("sync");
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(ReplyKind.Receipt, Assert.Single((await first.LookAsync()).Replies).Kind);
        Assert.Equal(ReplyKind.Receipt, Assert.Single((await second.LookAsync()).Replies).Kind);
    }

    [Fact]
    public async Task Reply_FewerSlotsThanThisMorning_NoPartIsLost()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        await SlotsAsync(at, 8, 16);
        string text = new('x', 60_000);
        await at.Desk.RunWithInputAsync(text, "reply", await at.OnlyHandleAsync(), "-");
        await SlotsAsync(at, 16, 8);
        for (int day = 0; day < 3; day++)
        {
            await at.Desk.OkAsync("sync");
            await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        }

        Assert.Equal(text, Assert.Single((await source.LookAsync()).Replies).Message);
    }

    [Fact]
    public async Task Reply_GivenUpUnsent_IsKeptAndItsSourceUnanswered()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync();
        at.Desk.Network = () => new RewritingNetwork((_, _) => throw new HttpRequestException("no network"));
        await at.Desk.RunWithInputAsync("thank you", "reply", handle, "-");
        Assert.Empty(await at.InboxAsync("--unanswered"));
        at.Desk.Network = null;
        await at.Drop.AdvanceAsync(TimeSpan.FromDays(16));
        Assert.Contains("given up", await at.Desk.OkAsync("sync"), StringComparison.Ordinal);
        Assert.Single(await at.InboxAsync("--unanswered"));
        string shown = await at.Desk.OkAsync("open", handle, "--no-receipt");
        Assert.Contains("never sent", shown, StringComparison.Ordinal);
        Assert.Contains("thank you", shown, StringComparison.Ordinal);
        // The next one goes out as if nothing had been.
        await at.Desk.RunWithInputAsync("thank you again", "reply", handle, "-");
        Assert.Empty(await at.InboxAsync("--unanswered"));
    }

    [Theory]
    [InlineData("delete", "")]
    [InlineData("delete", "3")]
    [InlineData("reply", "c:")]
    public async Task Handle_TooShort_ChoosesNothing(string verb, string handle)
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string typed = handle == "3" ? (await at.OnlyHandleAsync())[..1] : handle;
        Assert.Equal(ExitCode.NotFound, (await at.Desk.RunWithInputAsync("text", [verb, typed, .. verb == "reply" ? ["-"] : Array.Empty<string>(), "--yes"])).Code);
        Assert.Single(await at.InboxAsync("--unanswered"));
    }

    [Fact]
    public async Task Shell_RosterPublishedToAnotherAddress_IsNotUndone()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        string address = at.Drop.Server.ReviewerAddress.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Ran ran = await at.Desk.RunWithInputAsync($"roster publish --server {address}\njoin {at.Link}\n", "shell");
        Assert.Equal(ExitCode.Ok, ran.Code);
        Assert.Contains(address, await File.ReadAllTextAsync(at.Desk.HomeDirectory.Settings), StringComparison.Ordinal);
    }

    private static async Task SlotsAsync(DropAndDesk at, int from, int to)
    {
        string settings = await File.ReadAllTextAsync(at.Desk.HomeDirectory.Settings);
        Assert.Contains($"\"slotsPerDay\": {from}", settings, StringComparison.Ordinal);
        await File.WriteAllTextAsync(at.Desk.HomeDirectory.Settings, settings.Replace($"\"slotsPerDay\": {from}", $"\"slotsPerDay\": {to}", StringComparison.Ordinal));
    }

    private static void Random(byte[] bytes) => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
}
