using System.CommandLine;
using System.CommandLine.Parsing;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>shell</c>: one unlocking for many commands.</summary>
internal sealed class ShellVerb(Surroundings around) : Verb(around, "shell",
    "Unlocks once and takes commands until `exit`. What you type is remembered only while it runs.", "reviewer shell", "reviewer shell < commands.txt")
{
    protected override async Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        if (call.Around.Unlocked is not null)
        {
            throw new ReviewerException(ExitCode.BadInput, "This is a shell already.");
        }

        using UnlockedHome home = call.Unlock();
        Surroundings inside = new()
        {
            Streams = call.Streams, Environment = call.Environment, Clock = call.Clock, ReadWithoutEcho = call.Around.ReadWithoutEcho,
            Network = call.Around.Network, PassphraseFile = call.PassphraseFile, Interrupts = call.Around.Interrupts, Unlocked = home,
        };
        LineEditor editor = new(call.Streams.Error, () => call.Screen.WidthInCells, text => Completions(inside, home, text));
        if (call.Screen.CanAsk)
        {
            call.Screen.Note($"Unlocked. `inbox`, `open 3f9a`, `reply 3f9a`, `sync`; Tab completes; `exit` locks again.", LineStyle.Faint);
        }

        ExitCode last = ExitCode.Ok;
        while (true)
        {
            bool isEnd;
            string? line = call.Screen.CanAsk ? editor.Edit("reviewer> ", out isEnd) : ReadPlain(call.Streams.Input, out isEnd);
            if (isEnd)
            {
                break;
            }

            if (line is null)
            {
                continue;
            }

            string[] words = [.. CommandLineParser.SplitCommandLine(line)];
            if (words is ["exit" or "quit"])
            {
                break;
            }

            if (words is [] or ["shell"])
            {
                continue;
            }

            last = await ReviewerProgram.RunAsync(words[0] == "reviewer" ? words[1..] : words, inside, cancel);
            // A command that broke off may have left half a change in memory; what counts is what was saved.
            home.ForgetChanges();
            if (last == ExitCode.Interrupted && !call.Screen.CanAsk)
            {
                // Whoever stops a list of commands means all of it.
                break;
            }
        }

        return last;
    }

    private static string? ReadPlain(TextReader input, out bool isEnd)
    {
        string? line = input.ReadLine();
        isEnd = line is null;
        return line;
    }

    private static IReadOnlyList<string> Completions(Surroundings inside, UnlockedHome home, string text)
    {
        string word = text.Split(' ')[^1];
        IEnumerable<string> words = ReviewerProgram.Build(inside).Parse(text).GetCompletions(text.Length).Select(c => c.Label)
            .Where(l => !l.StartsWith('/') && l is not ("-h" or "-?"));
        if (text.TrimStart().Split(' ') is ["open" or "reply" or "delete", ..])
        {
            words = words.Concat(InboxList.Lines(home.Index, new InboxFilter()).Select(l => l.Handle));
        }

        return [.. words.Where(w => w.StartsWith(word, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }
}
