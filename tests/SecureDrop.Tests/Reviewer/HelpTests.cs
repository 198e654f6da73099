using System.CommandLine;
using SecureDrop.Reviewer.Commands;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer;

/// <summary>Every verb explains itself, whatever it needs otherwise.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Verbs() => [.. Leaves(ReviewerProgram.Build(Surroundings.OfProcess())).Select(names => string.Join(' ', names))];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_OfEveryVerb_HasExamplesThatParse(string verb)
    {
        using TestDesk desk = new();
        string help = await desk.OkAsync([.. verb.Split(' '), "--help"]);
        Assert.Contains("Usage:\n", help, StringComparison.Ordinal);
        string[] examples = help[(help.IndexOf("Examples:", StringComparison.Ordinal) + 9)..].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Contains($"reviewer {verb}", example, StringComparison.Ordinal));
        Assert.All(examples, CommandLines.MustParse);
    }

    private static IEnumerable<IReadOnlyList<string>> Leaves(Command command) => command.Subcommands.Count == 0
        ? [[]]
        : command.Subcommands.SelectMany(sub => Leaves(sub).Select(rest => (IReadOnlyList<string>)[sub.Name, .. rest]));
}
