using Microsoft.Extensions.Time.Testing;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Terminal;

public sealed class InterruptsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Interrupts _interrupts;
    private int _ended;

    public InterruptsTests() => _interrupts = new Interrupts(() => _ended++, _time);

    public void Dispose() => _interrupts.Dispose();

    [Fact]
    public void Signal_CommandInAShell_IsToldAndTheShellIsNot()
    {
        using Interrupts.Running shell = _interrupts.Begin(CancellationToken.None);
        using (Interrupts.Running command = _interrupts.Begin(CancellationToken.None))
        {
            _interrupts.Signal(isFromKeyboard: true);
            Assert.True(command.Token.IsCancellationRequested);
        }

        _time.Advance(Interrupts.Patience * 2);
        Assert.False(shell.Token.IsCancellationRequested);
        Assert.Equal(0, _ended);
    }

    [Fact]
    public void Signal_CommandThatDoesNotStop_EndsTheProcessAfterAWhile()
    {
        using Interrupts.Running command = _interrupts.Begin(CancellationToken.None);
        _interrupts.Signal(isFromKeyboard: true);
        _time.Advance(Interrupts.Patience / 2);
        Assert.Equal(0, _ended);
        _time.Advance(Interrupts.Patience);
        Assert.Equal(1, _ended);
    }

    [Fact]
    public void Signal_Again_EndsTheProcessAtOnce()
    {
        using Interrupts.Running command = _interrupts.Begin(CancellationToken.None);
        _interrupts.Signal(isFromKeyboard: true);
        _interrupts.Signal(isFromKeyboard: true);
        Assert.Equal(1, _ended);
    }

    [Fact]
    public void SayOnce_CommandAndEndOfProcess_SaysItOnceACommand()
    {
        int said = 0;
        using Interrupts.Running shell = _interrupts.Begin(CancellationToken.None);
        for (int command = 1; command <= 2; command++)
        {
            using Interrupts.Running running = _interrupts.Begin(CancellationToken.None);
            _interrupts.SayOnce(() => said++);
            _interrupts.SayOnce(() => said++);
            Assert.Equal(command, said);
        }
    }

    [Fact]
    public void Signal_NothingRuns_EndsTheProcess()
    {
        _interrupts.Signal(isFromKeyboard: false);
        Assert.Equal(1, _ended);
    }

    [Fact]
    public void Signal_WhileAnEditorHasTheKeyboard_IsTheEditors()
    {
        using Interrupts.Running command = _interrupts.Begin(CancellationToken.None);
        using (_interrupts.LeaveKeyboard())
        {
            _interrupts.Signal(isFromKeyboard: true);
            Assert.False(command.Token.IsCancellationRequested);
        }

        _interrupts.Signal(isFromKeyboard: true);
        Assert.True(command.Token.IsCancellationRequested);
    }
}
