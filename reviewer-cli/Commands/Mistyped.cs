using System.CommandLine;
using System.CommandLine.Parsing;

namespace SecureDrop.Reviewer.Commands;

/// <summary>What is wrong with a line, in one sentence each, and what may have been meant.</summary>
internal static class Mistyped
{
    /// <summary>Letters that may differ between what was typed and what is proposed.</summary>
    private const int MostEdits = 2;

    /// <summary>What is longer than any of our words is no typing error; it may be anything, and is not compared.</summary>
    private const int LongestWord = 40;

    public static IEnumerable<string> Sentences(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command is Verb || parsed.UnmatchedTokens.Count == 0)
        {
            string[] unknown = [.. parsed.UnmatchedTokens.Where(token => token.StartsWith('-'))];
            return unknown.Length > 0
                ? unknown.Select(token => $"There is no option `{token}` here.{Meant(token, OptionNames(command))}")
                : parsed.Errors.Select(error => string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }

        string typed = parsed.UnmatchedTokens[0];
        return [$"There is no command `{string.Join(' ', ReviewerProgram.Path(command).Skip(1).Append(typed))}`.{Meant(typed, VerbNames(command, string.Concat(ReviewerProgram.Path(command).Skip(1).Select(name => name + " "))))}"];
    }

    private static string Meant(string typed, IEnumerable<(string Name, string Whole)> names)
    {
        if (typed.Length > LongestWord)
        {
            return "";
        }

        (string Whole, int Edits)[] near = [.. names.Select(n => (n.Whole, Edits(typed, n.Name))).Where(n => n.Item2 <= Math.Min(MostEdits, typed.Length / 2))];
        string[] nearest = [.. near.Where(n => n.Edits == near.Min(m => m.Edits)).Select(n => $"`{n.Whole}`").Order(StringComparer.Ordinal)];
        return nearest.Length > 0 ? $" Did you mean {string.Join(" or ", nearest)}?" : "";
    }

    // A verb is found by its own name too: who types `publish` means `roster publish`.
    private static IEnumerable<(string Name, string Whole)> VerbNames(Command command, string before) => command.Subcommands
        .SelectMany(sub => VerbNames(sub, before + sub.Name + " ").Prepend((sub.Name, before + sub.Name)));

    private static IEnumerable<(string Name, string Whole)> OptionNames(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => OptionsAbove(parent))).Select(option => (option.Name, option.Name)).Distinct();

    private static IEnumerable<Option> OptionsAbove(Command command) =>
        command.Options.Where(option => option.Recursive).Concat(command.Parents.OfType<Command>().SelectMany(OptionsAbove));

    /// <summary>Damerau's distance: letters inserted, left out, exchanged, or swapped with the next one.</summary>
    private static int Edits(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                edits[i, j] = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[a.Length, b.Length];
    }
}
