using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Snapshots;

/// <summary>The documents in <c>docs/</c> are what the routes say.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Documents_AreTheOnesInTheRepository()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        var (source, reviewer) = await drop.Server.DescribeAsync(CancellationToken.None);
        Snapshot.Compare("docs/openapi-source.json", source);
        Snapshot.Compare("docs/openapi-reviewer.json", reviewer);
    }
}
