using System.CommandLine;
using System.CommandLine.Parsing;
using SecureDrop.Reviewer.Commands;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer;

/// <summary>Lines that documents and help tell people to type: each must be one that the tool understands.</summary>
internal static class CommandLines
{
    public static void MustParse(string line)
    {
        RootCommand root = ReviewerProgram.Build(Surroundings.OfProcess());
        foreach (string command in line.Split("&&", StringSplitOptions.TrimEntries))
        {
            string typed = command.Split(" < ")[0].Split(" | ")[^1];
            string[] words = [.. CommandLineParser.SplitCommandLine(typed).SkipWhile(word => word.Contains('=', StringComparison.Ordinal))];
            Assert.True(words[0] is "reviewer" or "./reviewer", line);
            Assert.True(root.Parse(words[1..]).Errors.Count == 0, $"{line}: {string.Join(' ', root.Parse(words[1..]).Errors.Select(e => e.Message))}");
        }
    }
}
