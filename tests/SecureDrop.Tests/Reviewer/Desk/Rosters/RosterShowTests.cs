using System.Text;
using System.Text.Json;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Reviewer.Processes;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk.Rosters;

/// <summary><c>roster show</c> for those who have no keystore: whoever holds the drop key, carries its rosters, or has just the link.</summary>
public sealed class RosterShowTests
{
    [Fact]
    public async Task RosterShow_WhereRostersAreSigned_ShowsTheSignedFilesAndAsksNobody()
    {
        await using Team team = await Team.StartAsync();
        Ran shown = await WithoutPassphraseAsync(team.Holder, "roster", "show");
        Assert.True(shown.Code == ExitCode.Ok, shown.Error);
        Assert.Contains("The Paper · roster 1 of 2026-11-24, ends 2027-02-22 · leads back to the drop key of this folder", shown.Output, StringComparison.Ordinal);
        Assert.Matches("Ana +sealed to until 2027-02-22", shown.Output);
        Assert.Contains("only the server says", shown.Output, StringComparison.Ordinal);
        // The same by its name, with no folder to vouch for it.
        shown = await WithoutPassphraseAsync(team.Courier, "roster", "show", team.Holder.HomeDirectory.Roster);
        Assert.Contains("checked against nothing", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RosterShow_FilesOfADropThatRotates_DoNotSayThatNobodyReads()
    {
        await using Team team = await Team.StartAsync();
        await team.Holder.SetRecipientDaysAsync(14);
        await team.SignAsync();
        await team.Drop.AdvanceAsync(TimeSpan.FromDays(20));
        Ran shown = await WithoutPassphraseAsync(team.Holder, "roster", "show");
        Assert.Matches("Ana +by a renewed key alone", shown.Output);
        Assert.DoesNotContain("closed", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RosterShow_FilesAfterASuccessor_Hold()
    {
        await using Team team = await Team.StartAsync();
        string next = team.Holder.File_("next.age");
        await team.Holder.OkAsync("roster", "successor", "--drop-key", team.Stick, "--new-drop-key", next);
        await team.Holder.OkAsync("roster", "sign", "--drop-key", next);
        Ran shown = await WithoutPassphraseAsync(team.Holder, "roster", "show");
        Assert.Contains("roster 2", shown.Output, StringComparison.Ordinal);
        Assert.Contains("leads back to the drop key of this folder", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RosterShow_LinkAlone_IsCheckedAgainstItsKeyAndLeavesNothingBehind()
    {
        await using Team team = await Team.StartAsync();
        using TestDesk reader = new(team.Drop.Time);
        string key = team.Link[(team.Link.IndexOf('#', StringComparison.Ordinal) + 1)..];
        Ran shown = await WithoutPassphraseAsync(reader, "roster", "show", $"{team.Drop.Server.SourceAddress}/#{key}");
        Assert.True(shown.Code == ExitCode.Ok, shown.Error);
        Assert.Contains("leads back to the key in the link", shown.Output, StringComparison.Ordinal);
        Assert.Matches("Ben +sealed to until", shown.Output);
        Assert.False(Directory.Exists(reader.Home));

        await using DropAndDesk other = await DropAndDesk.StartAsync();
        Ran foreign = await WithoutPassphraseAsync(reader, "roster", "show", $"{other.Drop.Server.SourceAddress}/#{key}");
        Assert.Equal(ExitCode.RosterRefused, foreign.Code);
        InterruptedSyncTests.AssertIsOneSentence(foreign.Error);
        Assert.Empty(foreign.Output);
    }

    [Fact]
    public async Task RosterShow_AddressAlone_SaysThatNothingVouchesForTheKey()
    {
        await using Team team = await Team.StartAsync();
        using TestDesk reader = new(team.Drop.Time);
        Ran shown = await WithoutPassphraseAsync(reader, "roster", "show", team.Server);
        Assert.Contains("compare it with the drop's link from another place", shown.Output, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse((await WithoutPassphraseAsync(reader, "roster", "show", team.Server, "--json")).Output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("checkedAgainst").ValueKind);
        // Given before anything else, Tor is used by what is typed next.
        await reader.RunAsync("roster", "show", team.Server, "--proxy", "socks5h://127.0.0.1:1");
        Assert.Contains("127.0.0.1:1", await File.ReadAllTextAsync(reader.HomeDirectory.Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RosterShow_WhereRostersAreCarried_ChecksTheServersAgainstTheOneCarried()
    {
        await using Team team = await Team.StartAsync();
        await using DropAndDesk other = await DropAndDesk.StartAsync();
        Assert.Contains("the drop key of this folder", (await WithoutPassphraseAsync(team.Courier, "roster", "show")).Output, StringComparison.Ordinal);
        byte[] foreign = await other.Drop.Source.GetByteArrayAsync("/api/v1/roster", TestContext.Current.CancellationToken);
        team.Courier.Network = () => new RewritingNetwork((_, _) => foreign);
        Assert.Equal(ExitCode.RosterRefused, (await WithoutPassphraseAsync(team.Courier, "roster", "show")).Code);
    }

    [Theory]
    [InlineData("changed", ExitCode.Damaged)]
    [InlineData("no signature", ExitCode.NotFound)]
    [InlineData("no roster", ExitCode.NotFound)]
    [InlineData("another folder's key", ExitCode.Damaged)]
    [InlineData("nothing here", ExitCode.NoKeystore)]
    [InlineData("huge", ExitCode.Foreign)]
    [InlineData("broken successors", ExitCode.Damaged)]
    public async Task RosterShow_BadFiles_AreRefusedInOneSentence(string what, ExitCode code)
    {
        await using Team team = await Team.StartAsync();
        HomeDirectory home = team.Holder.HomeDirectory;
        switch (what)
        {
            case "changed":
                await File.WriteAllTextAsync(home.Roster, (await File.ReadAllTextAsync(home.Roster)).Replace("The Paper", "The Piper", StringComparison.Ordinal));
                break;
            case "no signature":
                File.Delete(home.RosterSignature);
                break;
            case "another folder's key":
                await File.WriteAllTextAsync(home.Members, $"{{\"dropKey\":\"{Crypto.Minisign.MinisignKeyPair.Generate().PublicKey.Text}\",\"reviewers\":[],\"former\":[]}}");
                break;
            case "huge":
                await File.WriteAllBytesAsync(home.Roster, new byte[2_000_000]);
                break;
            case "broken successors":
                await File.WriteAllBytesAsync(home.Successors, Encoding.UTF8.GetBytes("[{}]"));
                break;
        }

        string[] line = what is "no roster" ? ["roster", "show", home.Path + "/none.json"] : ["roster", "show"];
        using TestDesk empty = new(team.Drop.Time);
        Ran ran = await WithoutPassphraseAsync(what == "nothing here" ? empty : team.Holder, line);
        Assert.True(ran.Code == code, $"{ran.Code}: {ran.Error}");
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
        Assert.Empty(ran.Output);
    }

    /// <summary>Where something had to be unlocked, nobody could be asked, and the command would fail.</summary>
    private static async Task<Ran> WithoutPassphraseAsync(TestDesk desk, params string[] line)
    {
        desk.Variables.Remove(PassphraseReader.FileVariable, out string? file);
        try
        {
            return await desk.RunAsync(line);
        }
        finally
        {
            desk.Variables[PassphraseReader.FileVariable] = file!;
        }
    }
}
