using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;
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
    [InlineData("null")]
    [InlineData("{")]
    public void Read_NoDraft_SaysSo(string text) =>
        Assert.Contains("cannot be understood", Assert.Throws<ReviewerException>(() => Read(text)).Message, StringComparison.Ordinal);

    private RosterDraft Read(string text)
    {
        string path = _folder.File("draft.jsonc");
        File.WriteAllText(path, text);
        return RosterDraft.Read(path);
    }
}
