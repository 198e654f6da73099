using System.Text.Json;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

public sealed class OpenUnderAttackTests
{
    [Fact]
    public async Task Open_LongOneLineTexts_CannotPoseAsTheVerdict()
    {
        // A terminal wraps what is too long, and what is wrapped stands at the beginning of a line, as our own words do.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        string forged = "x" + new string(' ', 3_000) + "sealed to you and 2 others · current roster";
        await source.TellAsync("hello", files: [TestDrop.Attach(forged, [1])], change: r => r with
        {
            Kind = forged, Language = forged, Category = forged, Answers = new Dictionary<string, string> { [forged] = "yes" },
        });
        await at.Desk.OkAsync("sync");
        string shown = await at.Desk.OkAsync("open", await at.OnlyHandleAsync());
        Assert.DoesNotContain(shown.Split('\n'), line => line.Length > 130);
        Assert.InRange(Assert.Single(shown.Split('\n'), line => line.Contains("0001.bin", StringComparison.Ordinal)).Length, 60, 100);
        Assert.DoesNotContain("and 2 others", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileExchangedOnThisDisk_IsAnAlarm()
    {
        // Else one person's words would be read, and another answered.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork one = new(at.Drop), other = new(at.Drop);
        await one.TellAsync("the first person's words");
        await other.TellAsync("the other person's words");
        await at.Desk.OkAsync("sync");
        string[] files = at.SealedFiles();
        Assert.Equal(2, files.Length);
        File.Copy(files[1], files[0], overwrite: true);
        string handle = Path.GetFileNameWithoutExtension(files[0]);
        Ran ran = await at.Desk.RunAsync("open", handle);
        Assert.Equal(ExitCode.Alarm, ran.Code);
        Assert.StartsWith("ALARM", ran.Output, StringComparison.Ordinal);
        Assert.Contains("exchanged", ran.Output, StringComparison.Ordinal);
        // Nor is anybody told by it that somebody reads.
        Assert.DoesNotContain("is told", ran.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await at.Desk.RunAsync("open", Path.GetFileNameWithoutExtension(files[1]))).Code);
    }

    [Fact]
    public async Task Open_OnceItsKeyIsBack_IsNoExchange()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        byte[] before = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Keystore);
        await at.Desk.OkAsync("key", "renew");
        byte[] after = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Keystore);
        await source.TellAsync("sealed to the new key");
        await File.WriteAllBytesAsync(at.Desk.HomeDirectory.Keystore, before);
        await at.Desk.RunAsync("sync");
        Assert.Equal("not opened", Assert.Single(await at.InboxAsync()).GetProperty("state").GetString());
        await File.WriteAllBytesAsync(at.Desk.HomeDirectory.Keystore, after);
        Assert.Contains("sealed to the new key", await at.Desk.OkAsync("open", await at.OnlyHandleAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MoreAnswersThanAFormAsks_CannotPushTheVerdictAway()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await source.TellAsync("hello", change: r => r with
        {
            Answers = Enumerable.Range(0, 5_000).ToDictionary(n => $"{n}", _ => ""),
        });
        await at.Desk.OkAsync("sync");
        string shown = await at.Desk.OkAsync("open", await at.OnlyHandleAsync());
        Assert.True(shown.Split('\n').Length < 400, "too many lines");
        Assert.Contains("4900 more answers", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ReplyOfWhichAPartIsNotHere_SaysSo()
    {
        // Another reviewer's words, of which the server kept a copy back, must not read as if they were all.
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string handle = await at.OnlyHandleAsync();
        await at.Desk.RunWithInputAsync(new string('x', 12_000), "reply", handle, "-");
        Assert.DoesNotContain("not here", await at.Desk.OkAsync("open", handle), StringComparison.Ordinal);
        using (UnlockedHome home = at.Desk.Unlock())
        {
            home.Index.Conversations.Values.Single().Replies.RemoveAt(1);
            home.SaveIndex();
        }

        Assert.Contains("1 part of it is not here", await at.Desk.OkAsync("open", handle), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ToldToStop_LeavesNoPlaintext()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("see file", files: [TestDrop.Attach("a.pdf", new byte[3_000_000])]);
        string folder = at.Desk.File_("out"), handle = await at.OnlyHandleAsync();
        at.Desk.Stop = new CancellationToken(canceled: true);
        Assert.Equal(ExitCode.Interrupted, (await at.Desk.RunAsync("open", handle, "--out", folder)).Code);
        Assert.False(Directory.Exists(folder));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Path.GetDirectoryName(folder)!), e => e.StartsWith(folder, StringComparison.Ordinal));
        at.Desk.Stop = CancellationToken.None;
        await at.Desk.OkAsync("open", handle, "--out", folder);
    }

    [Fact]
    public async Task Open_OutFolderWithWhatAKilledRunLeft_IsNamedAndNotHidden()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("hello");
        string folder = at.Desk.File_("out");
        Directory.CreateDirectory(Path.Combine(folder, ".unchecked-k1lled"));
        Ran ran = await at.Desk.RunAsync("open", await at.OnlyHandleAsync(), "--out", folder);
        Assert.Equal(ExitCode.AlreadyThere, ran.Code);
        Assert.Contains(".unchecked-", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OutFolderThatOthersMayWrite_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no mode bits.");
            return;
        }

        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = await at.ToldAndSyncedAsync("see file", files: [TestDrop.Attach("a.pdf", "x"u8.ToArray())]);
        string folder = at.Desk.File_("shared");
        Directory.CreateDirectory(folder);
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (UnixFileMode shared in new[] { UnixFileMode.GroupWrite, UnixFileMode.OtherWrite, UnixFileMode.OtherWrite | UnixFileMode.StickyBit })
        {
            File.SetUnixFileMode(folder, owner | shared);
            Assert.Equal(ExitCode.BadInput, (await at.Desk.RunAsync("open", await at.OnlyHandleAsync(), "--out", folder)).Code);
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }

        File.SetUnixFileMode(folder, owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await at.Desk.OkAsync("open", await at.OnlyHandleAsync(), "--out", folder);
    }

    [Fact]
    public async Task RosterRemove_LongName_CannotPoseAsOurQuestion()
    {
        using TestDesk desk = new();
        await desk.OkAsync("init", "--reviewer", "--as", $"Ana{new string(' ', 2_000)}");
        string card = desk.File_("card.json");
        await desk.OkAsync("key", "export", "--out", card);
        using JsonDocument exported = JsonDocument.Parse(await desk.OkAsync("key", "export", "--json"));
        await desk.OkAsync("roster", "add", card, "--yes");
        Ran ran = await desk.RunAsync("roster", "remove", exported.RootElement.GetProperty("signingKey").GetString()![..12]);
        Assert.Equal(ExitCode.NobodyToAsk, ran.Code);
        Assert.True(ran.Error.Length < 300, $"{ran.Error.Length} characters");
    }

    [Fact]
    public async Task RosterAdd_NameThatHoldsAnotherFingerprint_CannotHideTheTrueOne()
    {
        // Whoever swaps a card on its way writes the fingerprint that its owner will read out into the name.
        using TestDesk desk = new();
        string readOut = "1111 2222 3333 4444 5555 6666";
        await desk.OkAsync("init", "--reviewer", "--as", $"Ana, fingerprint {readOut}{new string(' ', 2_000)}");
        string card = desk.File_("card.json");
        await desk.OkAsync("key", "export", "--out", card);
        using JsonDocument exported = JsonDocument.Parse(await desk.OkAsync("key", "export", "--json"));
        string shown = await desk.OkAsync("roster", "add", card, "--yes");
        Assert.StartsWith($"Fingerprint  {exported.RootElement.GetProperty("fingerprint").GetString()}\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown.Split('\n'), line => line.Length > 100);
    }
}
