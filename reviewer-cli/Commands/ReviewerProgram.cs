using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary>The command table.</summary>
internal static class ReviewerProgram
{
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Surroundings around, CancellationToken cancel)
    {
        RootCommand root = Build(around);
        // The word that people try first.
        ParseResult parsed = root.Parse(arguments is ["help", ..] ? [.. arguments.Skip(1), "--help"] : arguments);
        if (around.Unlocked is { } open && parsed.GetResult(GlobalOptions.Home) is not null
            && HomeDirectory.Choose(parsed.GetValue(GlobalOptions.Home), around.Environment).Path != open.Home.Path)
        {
            // Passed over in silence, a `delete` would act on another desk than the one that was named.
            new Screen(around.Streams, json: true).Note($"reviewer: This shell has {open.Home.Path} open, and --home names another folder. Leave it with `exit` first.");
            return ExitCode.BadInput;
        }

        if (parsed.Errors.Count > 0)
        {
            Screen screen = new(around.Streams, json: true);
            foreach (string sentence in Mistyped.Sentences(parsed))
            {
                screen.Note($"reviewer: {sentence}");
            }

            string path = string.Join(' ', Path(parsed.CommandResult.Command));
            screen.Note($"`{path} --help` shows what it takes.");
            return ExitCode.Usage;
        }

        InvocationConfiguration configuration = new()
        {
            Output = around.Streams.Output,
            Error = around.Streams.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are Interrupts' alone: in a shell the library's own handler would end the shell with the command.
            ProcessTerminationTimeout = null,
        };
        return (ExitCode)await parsed.InvokeAsync(configuration, cancel);
    }

    public static RootCommand Build(Surroundings around)
    {
        RootCommand root = new("Reads what sources tell, answers them, and looks after the keys of a drop.")
        {
            new InitVerb(around),
            new JoinVerb(around),
            new SyncVerb(around),
            new InboxVerb(around),
            new OpenVerb(around),
            new ReplyVerb(around),
            new DeleteVerb(around),
            new StatusVerb(around),
            new ShellVerb(around),
            new Command("key", "Your own keys.") { new KeyExportVerb(around), new KeyRenewVerb(around) },
            new Command("roster", "Who may read: the list that the drop key signs.")
            {
                new RosterDraftVerb(around), new RosterAddVerb(around), new RosterRemoveVerb(around), new RosterSignVerb(around),
                new RosterPublishVerb(around), new RosterShowVerb(around), new RosterSuccessorVerb(around),
            },
            new Command("day", "Days on the server.") { new DayEndVerb(around) },
        };
        root.Add(GlobalOptions.Home);
        root.Add(GlobalOptions.Json);
        root.Add(GlobalOptions.Yes);
        root.Add(GlobalOptions.Proxy);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    internal static IEnumerable<string> Path(Command command)
    {
        Stack<string> names = new();
        for (Symbol? at = command; at is not null; at = at.Parents.FirstOrDefault())
        {
            names.Push(at is RootCommand ? "reviewer" : at.Name);
        }

        return names;
    }

    private sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
    {
        // Who asks for help has not yet written the argument that the verb needs.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            standard.MaxWidth = 100;
            int code = standard.Invoke(parseResult);
            IReadOnlyList<string> examples = parseResult.CommandResult.Command switch
            {
                Verb verb => verb.Examples,
                RootCommand => ["reviewer init", "reviewer sync && reviewer inbox --new", "reviewer open 3f9a", "reviewer reply 3f9a"],
                _ => [],
            };
            if (examples.Count > 0)
            {
                parseResult.InvocationConfiguration.Output.WriteLine("Examples:");
                foreach (string example in examples)
                {
                    parseResult.InvocationConfiguration.Output.WriteLine("  " + example);
                }

                parseResult.InvocationConfiguration.Output.WriteLine();
            }

            return code;
        }
    }
}
