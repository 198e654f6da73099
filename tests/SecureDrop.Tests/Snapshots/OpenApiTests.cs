using SecureDrop.Tests.Interop;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Snapshots;

/// <summary>The documents in <c>docs/</c> are what the routes say. With <c>UPDATE_SNAPSHOTS=1</c> they are written anew.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Documents_AreTheOnesInTheRepository()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        var (source, reviewer) = await drop.Server.DescribeAsync(CancellationToken.None);
        Compare("docs/openapi-source.json", source);
        Compare("docs/openapi-reviewer.json", reviewer);
    }

    private static void Compare(string path, string actual)
    {
        var file = Path.Combine(StockProgram.RepositoryRoot, path);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        Assert.True(File.Exists(file), $"{path} is missing; write it with UPDATE_SNAPSHOTS=1");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
