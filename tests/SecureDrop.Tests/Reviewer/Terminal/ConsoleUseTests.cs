using System.Text.RegularExpressions;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Terminal;

public sealed partial class ConsoleUseTests
{
    [Fact]
    public void Console_OutsideOfTerminal_IsNotNamed()
    {
        string root = Path.Combine(Root(), "reviewer-cli");
        string[] users =
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)
                    && !f.Contains("/Terminal/", StringComparison.Ordinal))
                .Where(f => ConsoleName().IsMatch(File.ReadAllText(f))),
        ];
        Assert.Empty(users);
    }

    [GeneratedRegex(@"\b(System\.)?(Ansi)?Console\.|IAnsiConsole|\bSpectre\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ConsoleName();

    [Theory]
    [InlineData("crypto")]
    [InlineData("server", "Program.cs")]
    public void Console_OfLibraryAndServer_IsNamedByTheProgramAlone(string project, params string[] allowed)
    {
        // Streams are handed in from there: what else writes to a console is a log that nobody weighed.
        string root = Path.Combine(Root(), project);
        string[] users =
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f))
                .Where(f => !f.StartsWith("obj/", StringComparison.Ordinal) && !f.StartsWith("bin/", StringComparison.Ordinal)
                    && !f.StartsWith("Web/", StringComparison.Ordinal))
                .Where(f => ConsoleName().IsMatch(File.ReadAllText(Path.Combine(root, f)))),
        ];
        Assert.Equal(allowed, users);
    }

    private static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "SecureDrop.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("not in the repository");
    }
}
