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

    private static string[] Table(string document) =>
    [
        .. File.ReadAllLines(Path.Combine(StockProgram.RepositoryRoot, document))
            .SkipWhile(line => !line.StartsWith("| adversary |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|')),
    ];
}
