using Microsoft.Extensions.Time.Testing;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Terminal;

public sealed class LateWordTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Fact]
    public void Word_WorkThatTakesOverASecond_IsShownAndTakenAway()
    {
        using (LateWord word = new(_error, "Unlocking…", _time))
        {
            _time.Advance(TimeSpan.FromSeconds(0.9));
            Assert.Empty(_error.ToString());
            _time.Advance(TimeSpan.FromSeconds(0.2));
            Assert.Equal("Unlocking…", _error.ToString());
        }

        Assert.Equal("Unlocking…\r          \r", _error.ToString());
    }

    [Fact]
    public void Word_WorkThatIsQuick_IsNeverShown()
    {
        new LateWord(_error, "Unlocking…", _time).Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData(true, new[] { "status" }, true)]
    [InlineData(true, new[] { "status", "--json" }, false)]
    [InlineData(false, new[] { "status" }, false)]
    [InlineData(true, new[] { "roster", "sign" }, true)]
    [InlineData(true, new[] { "roster", "successor", "--new-drop-key" }, true)]
    public async Task Unlocking_SlowMachine_IsSaidToAPersonAlone(bool isTerminal, string[] line, bool isSaid)
    {
        using TestDesk desk = new(new SlowMachine()) { HasPerson = isTerminal };
        await desk.OkAsync("init", "--name", "P", "--url", "http://localhost:8080", "--json");
        Ran ran = await desk.RunAsync(line[^1] == "--new-drop-key" ? [.. line, desk.File_("next.age")] : line);
        Assert.True(ran.Code == ExitCode.Ok, ran.Error);
        Assert.Equal(isSaid ? 1 : 0, ran.Error.Split("Unlocking…\r          \r").Length - 1);
        Assert.DoesNotContain("Unlocking", ran.Output, StringComparison.Ordinal);
        Assert.Equal(isSaid, ran.Error.Contains("Unlocking", StringComparison.Ordinal));
    }

    /// <summary>Whatever is waited for has always happened already.</summary>
    private sealed class SlowMachine : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return new Over();
        }

        private sealed class Over : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
