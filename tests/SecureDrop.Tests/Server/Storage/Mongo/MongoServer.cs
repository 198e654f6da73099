using System.Security.Cryptography;
using DotNet.Testcontainers.Builders;
using MongoDB.Driver;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Server.Storage.Mongo;
using Testcontainers.MongoDb;
using Xunit;

[assembly: AssemblyFixture(typeof(MongoServer))]

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>
/// The MongoDB that tests run on: the one that <c>SECUREDROP_TEST_MONGODB</c> names, else a container where Docker runs, else an optional
/// stock program that speaks its protocol, started once for all tests, else none, and then they are skipped with the reason.
/// </summary>
public sealed class MongoServer : IAsyncDisposable
{
    private const string Variable = "SECUREDROP_TEST_MONGODB";
    private const int MostTries = 3;
    private const string Image = "mongo:8.0";
    private const string Why = "no MongoDB to test with: set " + Variable + " to a connection string (a replica set of 5.3 or newer, which may be a cluster), or start Docker";

    private readonly SemaphoreSlim _once = new(1);
    private MongoDbContainer? _container;
    private string? _withoutContainer;
    private MongoProcess? _process;

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    /// <summary>A database of the test's own; the test is skipped where there is no server.</summary>
    public async Task<MongoConnection> NewDatabaseAsync() =>
        new(await ConnectionStringAsync(), "securedrop_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    /// <summary>
    /// The stores of a database that is to be there. On a machine that is busy with other tests the making of its collections may take longer
    /// than the driver waits: it is asked again, as a server does.
    /// </summary>
    public static Task<ServerStores> OpenAsync(MongoConnection connection) => OpenAsync(() => ServerStores.OpenMongoAsync(connection, CancellationToken.None));

    /// <summary>The same for the database without its stores.</summary>
    public static Task<MongoDrop> OpenDropAsync(MongoConnection connection) => OpenAsync(() => MongoDrop.OpenAsync(connection, CancellationToken.None));

    private static async Task<T> OpenAsync<T>(Func<Task<T>> open)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await open();
            }
            catch (StoreException e) when (e.IsAway && tries < MostTries)
            {
            }
        }
    }

    /// <summary>Removes what a test made. A server of the run's own goes with its files anyway, and may take too long for it on a busy machine.</summary>
    public static async Task DropAsync(MongoConnection connection)
    {
        using var client = new MongoClient(connection.ConnectionString);
        try
        {
            await client.DropDatabaseAsync(connection.Database);
        }
        catch (MongoException) when (Given is null)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_container is not null)
            await _container.DisposeAsync();
        if (_process is not null)
            await _process.DisposeAsync();
        _once.Dispose();
    }

    private async Task<string> ConnectionStringAsync()
    {
        if (Given is { } given)
            return given;
        await _once.WaitAsync();
        try
        {
            if (_withoutContainer is null && _container is null)
                await TryStartContainerAsync();
            if (_container is not null)
                return WithDirectConnection(_container.GetConnectionString());
            Assert.SkipWhen(MongoProcess.SkipReason is not null, $"{Why} ({_withoutContainer}); or {MongoProcess.SkipReason}");
            _process ??= await MongoProcess.StartAsync();
            return _process.ConnectionString;
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task TryStartContainerAsync()
    {
        try
        {
            var container = new MongoDbBuilder(Image).WithReplicaSet("rs0").Build();
            await container.StartAsync();
            _container = container;
        }
        catch (DockerUnavailableException)
        {
            _withoutContainer = "Docker does not run";
        }
#pragma warning disable CA1031 // An image that cannot be fetched, a daemon that refuses: there is a third way, and the reason is printed where there is none.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _withoutContainer = $"Docker runs, but {Image} could not be started: {e.Message}";
        }
    }

    // The set's one member calls itself by a name of the container's own network.
    private static string WithDirectConnection(string text) =>
        text.Contains("directConnection", StringComparison.Ordinal) ? text : text + (text.Contains('?') ? "&" : text.EndsWith('/') ? "?" : "/?") + "directConnection=true";
}
