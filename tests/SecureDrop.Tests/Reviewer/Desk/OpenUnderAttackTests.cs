using System.Text.Json;
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
        await source.TellAsync("hello", change: r => r with
        {
            Kind = forged, Language = forged, Category = forged, Answers = new Dictionary<string, string> { [forged] = "yes" },
        });
        await at.Desk.OkAsync("sync");
        string shown = await at.Desk.OkAsync("open", await at.OnlyHandleAsync());
        Assert.DoesNotContain(shown.Split('\n'), line => line.Length > 200);
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
        Assert.Equal(ExitCode.Ok, (await at.Desk.RunAsync("open", Path.GetFileNameWithoutExtension(files[1]))).Code);
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
        using SourceAtWork source = new(at.Drop);
        await source.TellAsync("see file", files: [TestDrop.Attach("a.pdf", "x"u8.ToArray())]);
        await at.Desk.OkAsync("sync");
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
