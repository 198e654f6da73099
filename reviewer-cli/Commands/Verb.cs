using System.CommandLine;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary>A command that does something. A subclass turns arguments into a call and the result into lines or JSON, nothing else.</summary>
internal abstract class Verb : Command
{
    private readonly Surroundings _around;

    protected Verb(Surroundings around, string name, string description, params string[] examples)
        : base(name, description)
    {
        _around = around;
        Examples = examples;
        SetAction(RunAsync);
    }

    /// <summary>Lines for <c>--help</c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    protected abstract Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        Invocation call = new(parsed, _around);
        using Interrupts.Running? running = _around.Interrupts?.Begin(cancel);
        try
        {
            return (int)await RunAsync(call, running?.Token ?? cancel);
        }
        catch (ReviewerException e)
        {
            call.Screen.Note($"reviewer: {e.Message}");
            return (int)e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            void Say() => call.Screen.Note($"{Interrupts.Sentence}");
            if (_around.Interrupts is { } interrupts)
            {
                interrupts.SayOnce(Say);
            }
            else
            {
                Say();
            }

            return (int)ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ReviewerException explained = Keystore.AtomicFile.Explain(e, call.Home.Path);
            call.Screen.Note($"reviewer: {explained.Message}");
            return (int)explained.ExitCode;
        }
        catch (System.Security.Cryptography.CryptographicException e)
        {
            // Memory for a secret, or for the passphrase's key, that this machine does not give: it says what to do.
            call.Screen.Note($"reviewer: {e.Message}");
            return (int)ExitCode.Failed;
        }
#pragma warning disable CA1031 // The last one: left to the runtime, a message that may repeat hostile bytes would reach the terminal as it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Its type only: what else an exception says may come from a report or from the server.
            call.Screen.Note($"reviewer: A fault of this program ({e.GetType().Name}). What was on the disk before is kept; please report it.");
            return (int)ExitCode.Failed;
        }
    }
}
