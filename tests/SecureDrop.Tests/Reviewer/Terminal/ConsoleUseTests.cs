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
