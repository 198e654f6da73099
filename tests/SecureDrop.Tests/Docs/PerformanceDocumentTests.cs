using System.Text.RegularExpressions;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Docs;

/// <summary>The commands of docs/performance.md are there to be run, and its targets are those that the programs print.</summary>
public sealed partial class PerformanceDocumentTests
{
    private static readonly string Document = Read("docs/performance.md");

    [Fact]
    public void Subjects_OfTheCommands_AreTheBenchmarks()
    {
        var documented = Command().Matches(Document).Select(match => match.Groups["name"].Value).Distinct().Order();
        var subjects = Subject().Matches(Read("tests/SecureDrop.Benchmarks/Program.cs")).Select(match => match.Groups["name"].Value).Order();
        Assert.Equal(subjects, documented);
    }

    [Theory]
    [InlineData("most resident | under 150 MB", "tests/SecureDrop.Benchmarks/UploadBenchmark.cs", "MostResidentInMegabytes = 150;")]
    [InlineData("flood, most resident | under 300 MB", "tests/SecureDrop.Benchmarks/FloodBenchmark.cs", "MostResidentInMegabytes = 300;")]
    [InlineData("flood, an honest source's visit | 60 s or less", "tests/SecureDrop.Benchmarks/FloodBenchmark.cs", "LongestVisitInSeconds = 60;")]
    [InlineData("Safer level | 150 ms or less", "server/Web/test/measure-page.ts", "targetInMilliseconds: 150")]
    [InlineData("gzip | 80 KB or less", "server/Web/build.mjs", "GzipLimitInBytes = 80 * 1024;")]
    public void Target_OfTheDocument_IsTheOneOfTheProgram(string row, string program, string constant)
    {
        Assert.Contains(row, Document, StringComparison.Ordinal);
        Assert.Contains(constant, Read(program), StringComparison.Ordinal);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(StockProgram.RepositoryRoot, path));

    [GeneratedRegex(@"tests/SecureDrop\.Benchmarks -- (?<name>\w+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex(@"\[""(?<name>\w+)""\] = ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Subject();
}
