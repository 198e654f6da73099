using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Interop;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk.Rosters;

public sealed class RosterDraftTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A member that a person left out is its default, not null and not zero.</summary>
    [Fact]
    public void Read_OnlyWhatMustBeThere_TheRestIsItsDefault()
    {
        RosterDraft draft = Read("""{"name": {"en": "The Paper"}, "origins": []}""");
        Assert.Equal(Roster.LifetimeInDays, draft.DaysValid);
        Assert.Equal(Roster.LifetimeInDays, draft.RecipientDays);
        Assert.Equal(0, draft.ShardBits);
        Assert.Empty(draft.Categories);
        Assert.Empty(draft.Questions);
        Assert.Empty(draft.Channels);
        Assert.Empty(draft.Notices);
    }

    [Theory]
    [InlineData("""{"origins": []}""")]
    [InlineData("""{"name": {"en": "x"}, "origins": [], "daysValid": 0}""")]
    [InlineData("""{"name": {"en": "x"}, "origins": [], "recipientDays": 3661}""")]
    [InlineData("""{"name": {}, "origins": []}""")]
    [InlineData("""{"name": {"en": " "}, "origins": []}""")]
    [InlineData("null")]
    [InlineData("{")]
    public void Read_NoDraft_SaysSo(string text) =>
        Assert.Contains("cannot be understood", Assert.Throws<ReviewerException>(() => Read(text)).Message, StringComparison.Ordinal);

    /// <summary>What <c>./run</c> shows a newcomer: a form in both languages that asks for nothing, and nobody's real address.</summary>
    [Fact]
    public async Task Draft_OfTheDemonstration_IsASmallFormInBothLanguages()
    {
        string draft = Path.Combine(StockProgram.RepositoryRoot, "docs/demonstration-draft.jsonc");
        Assert.Contains("docs/demonstration-draft.jsonc", await File.ReadAllTextAsync(Path.Combine(StockProgram.RepositoryRoot, "run")), StringComparison.Ordinal);
        using TestDesk desk = new();
        await desk.OkAsync("init", "--draft", draft, "--name", "Demonstration", "--url", "http://localhost:8080");
        Roster roster = Roster.Parse(await File.ReadAllBytesAsync(desk.HomeDirectory.Roster));
        Assert.Equal(3, roster.Form.Categories.Count);
        Assert.False(Assert.Single(roster.Form.Questions).Required);
        RosterChannel channel = Assert.Single(roster.Channels);
        Assert.Equal("other", channel.Kind);
        Assert.Contains("made up", channel.Label["en"], StringComparison.Ordinal);
        Assert.All([roster.Name, channel.Label, .. roster.Form.Categories.Select(c => c.Label), .. roster.Form.Questions.Select(q => q.Label)],
            texts => Assert.Equal(["en", "zh-Hans"], texts.Keys.Order(StringComparer.Ordinal)));
    }

    /// <summary>A roster that no reader takes must not replace one that they do.</summary>
    [Theory]
    [InlineData("\"categories\": [{\"id\": \"a\", \"label\": {}}]", "label")]
    [InlineData("\"questions\": [{\"id\": \"a\", \"label\": {}}]", "label")]
    [InlineData("\"channels\": [{\"kind\": \"post\", \"value\": \"x\", \"label\": {}}]", "label")]
    [InlineData("\"notices\": [{\"day\": \"2026-11-24\", \"title\": {}, \"text\": {\"en\": \"x\"}}]", "title")]
    [InlineData("\"categories\": [{\"id\": \"a\", \"label\": {\"en\": null}}]", "")]
    [InlineData("\"origins\": [null]", "origins")]
    [InlineData("\"origins\": [\"drop.example\"]", "origins")]
    [InlineData("\"origins\": [\"https://drop.example/path\"]", "origins")]
    public async Task Sign_WhatIsNoRoster_IsRefusedAndTheLastOneStays(string member, string named)
    {
        using TestDesk desk = new();
        await desk.OkAsync("init", "--name", "The Paper", "--url", "http://localhost:8080");
        byte[] before = await File.ReadAllBytesAsync(desk.HomeDirectory.Roster);
        string origins = member.StartsWith("\"origins", StringComparison.Ordinal) ? "" : "\"origins\": [\"http://localhost:8080\"], ";
        await File.WriteAllTextAsync(desk.HomeDirectory.RosterDraft, $"{{\"name\": {{\"en\": \"The Paper\"}}, {origins}{member}}}");
        Ran refused = await desk.RunAsync("roster", "sign");
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains(named, refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(desk.HomeDirectory.Roster));

        await File.WriteAllTextAsync(desk.HomeDirectory.RosterDraft, """{"name": {"en": "The Paper"}, "origins": ["https://Drop.example:443/", "https://drop.example"]}""");
        await desk.OkAsync("roster", "sign");
        Assert.Equal(["https://drop.example"], Roster.Parse(await File.ReadAllBytesAsync(desk.HomeDirectory.Roster)).Origins);
    }

    [Theory]
    [InlineData("init")]
    [InlineData("roster draft")]
    public async Task NameOfNothing_IsRefused(string verb)
    {
        using TestDesk desk = new();
        Ran refused = await desk.RunAsync([.. verb.Split(' '), "--name", " ", "--url", "http://localhost:8080"]);
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("--name is empty", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(desk.HomeDirectory.Roster));
    }

    private RosterDraft Read(string text)
    {
        string path = _folder.File("draft.jsonc");
        File.WriteAllText(path, text);
        return RosterDraft.Read(path);
    }
}
