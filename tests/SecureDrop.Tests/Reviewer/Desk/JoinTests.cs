using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Desk;

public sealed class JoinTests
{
    [Fact]
    public async Task Join_AnotherDrop_ForgetsWhatTheOtherKeySigned()
    {
        // Else the new drop's roster would be an old one by the other's version, and the other's reviewers would stay known.
        await using DropAndDesk one = await DropAndDesk.StartAsync(), other = await DropAndDesk.StartAsync();
        await one.Desk.OkAsync("roster", "sign");
        await one.Desk.OkAsync("roster", "publish");
        await one.Desk.OkAsync("roster", "show");
        await one.Desk.OkAsync("join", other.Link, "--server", other.Drop.Server.ReviewerAddress, "--yes");
        Assert.Contains("roster 1 ", await one.Desk.OkAsync("roster", "show"), StringComparison.Ordinal);
        // And the first drop's, which is signed by a key that is no longer trusted, is refused.
        await one.Desk.OkAsync("join", other.Link, "--server", one.Drop.Server.ReviewerAddress);
        Assert.Equal(ExitCode.RosterRefused, (await one.Desk.RunAsync("roster", "show")).Code);
    }
}
