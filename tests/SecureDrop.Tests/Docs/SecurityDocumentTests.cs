using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Docs;

/// <summary>The threat model stands twice, for those who build and for those who decide: both times the same.</summary>
public sealed class SecurityDocumentTests
{
    [Fact]
    public void ThreatModel_OfSecurityMd_IsTheProtocols()
    {
        string[] protocol = Table("docs/protocol.md");
        Assert.True(protocol.Length > 10);
        Assert.Equal(protocol, Table("SECURITY.md"));
    }

    [Fact]
    public void ThreatModel_OfEveryRow_NamesTestsThatAreThere()
    {
        var root = StockProgram.RepositoryRoot;
        var there = Directory.GetFiles(Path.Combine(root, "tests/SecureDrop.Tests"), "*Tests.cs", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Concat(Directory.GetFiles(Path.Combine(root, "tests/browser"), "*.test.mjs").Select(file => Path.GetFileName(file)!)).ToHashSet();
        var rows = File.ReadAllLines(Path.Combine(root, "SECURITY.md")).SkipWhile(line => line != "| adversary | tests |").Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(Table("SECURITY.md").Skip(2).Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1]), rows.Select(cells => cells[1]));
        Assert.All(rows, cells =>
        {
            var names = cells[2].Split(", ").Select(name => name.Trim('`')).ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.Contains(name, there));
        });
    }

    private static string[] Table(string document) =>
    [
        .. File.ReadAllLines(Path.Combine(StockProgram.RepositoryRoot, document))
            .SkipWhile(line => !line.StartsWith("| adversary | gets", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|')),
    ];
}
