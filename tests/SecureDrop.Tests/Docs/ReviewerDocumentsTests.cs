using System.Globalization;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Interop;
using SecureDrop.Tests.Reviewer;
using Xunit;

namespace SecureDrop.Tests.Docs;

/// <summary>What the documents tell a reviewer to type and to expect is what the tool does.</summary>
public sealed class ReviewerDocumentsTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/reviewing.md")]
    [InlineData("reviewer-cli/README.md")]
    public void Lines_ThatAreToBeTyped_Parse(string document)
    {
        string[] lines = [.. Fences(Read(document)).SelectMany(block => block.Split('\n'))
            .Where(line => line.StartsWith("reviewer ", StringComparison.Ordinal) || line.StartsWith("./reviewer ", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        Assert.All(lines, CommandLines.MustParse);
    }

    [Fact]
    public void ExitCodes_TableOfTheDocument_IsTheEnum()
    {
        var documented = Read("reviewer-cli/README.md").Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5 && int.TryParse(cells[1], CultureInfo.InvariantCulture, out _))
            .Select(cells => (int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2].Trim('`')));
        Assert.Equal(Enum.GetValues<ExitCode>().Select(code => ((int)code, code.ToString())), documented);
    }

    [Fact]
    public void Alarms_TableOfTheDocument_HasEachOnce()
    {
        string document = Read("docs/reviewing.md");
        Assert.All(Enum.GetValues<ReportAlarm>(), alarm => Assert.Single(document.Split('\n'), line => line.StartsWith($"| {alarm.Name()} |", StringComparison.Ordinal)));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(StockProgram.RepositoryRoot, path));

    private static IEnumerable<string> Fences(string text) => text.Split("```").Where((_, index) => index % 2 == 1);
}
