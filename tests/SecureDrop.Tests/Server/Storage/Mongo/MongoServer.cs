using System.Security.Cryptography;
using MongoDB.Driver;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

[assembly: AssemblyFixture(typeof(MongoServer))]

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>
/// The MongoDB that tests run on: the one that <c>SECUREDROP_TEST_MONGODB</c> names, else an optional stock program that speaks its
/// protocol, started once for all tests, else none, and then they are skipped with the reason.
/// </summary>
public sealed class MongoServer : IAsyncDisposable
{
    private const string Variable = "SECUREDROP_TEST_MONGODB";
    private const string Why = "no MongoDB to test with: set " + Variable + " to a connection string (a replica set of 5.3 or newer, which may be a cluster)";

    private readonly SemaphoreSlim _once = new(1);
    private MongoProcess? _process;

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    /// <summary>A database of the test's own; the test is skipped where there is no server.</summary>
    public async Task<MongoConnection> NewDatabaseAsync() =>
        new(await ConnectionStringAsync(), "securedrop_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    /// <summary>Removes what a test made.</summary>
    public static async Task DropAsync(MongoConnection connection)
    {
        using var client = new MongoClient(connection.ConnectionString);
        await client.DropDatabaseAsync(connection.Database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _once.Dispose();
    }

    private async Task<string> ConnectionStringAsync()
    {
        if (Given is { } given)
            return given;
        Assert.SkipWhen(MongoProcess.SkipReason is not null, Why + "; or " + MongoProcess.SkipReason);
        await _once.WaitAsync();
        try
        {
            _process ??= await MongoProcess.StartAsync();
            return _process.ConnectionString;
        }
        finally
        {
            _once.Release();
        }
    }
}
