using System.Diagnostics;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.SeveralServers;

/// <summary>Three processes of the server over one database, behind a balancer for each side.</summary>
internal sealed class ThreeServers : IAsyncDisposable
{
    private static readonly string Assembly = typeof(DropServer).Assembly.Location;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];

    public MongoConnection Connection { get; private set; } = null!;
    public RoundRobin Sources { get; private set; } = null!;
    public RoundRobin Reviewers { get; private set; } = null!;
    public HttpClient Source { get; private set; } = null!;

    /// <summary>The one that is good for the first roster: each server makes one when it starts, and the latest counts.</summary>
    public string SetupToken { get; private set; } = "";

    public static async Task<ThreeServers> StartAsync(MongoServer database)
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Assembly)!, "wwwroot", "page.html")), "The page is not built.");
        var three = new ThreeServers
        {
            Connection = await database.NewDatabaseAsync(), Sources = await RoundRobin.StartAsync(), Reviewers = await RoundRobin.StartAsync(),
        };
        try
        {
            await File.WriteAllTextAsync(three._folder.File("mongo"), three.Connection.ConnectionString);
            var addresses = new List<(Uri Source, Uri Reviewer)>();
            for (var n = 0; n < 3; n++)
                addresses.Add(await three.StartOneAsync());
            (three.Sources.Servers, three.Reviewers.Servers) = ([.. addresses.Select(server => server.Source)], [.. addresses.Select(server => server.Reviewer)]);
            three.Source = new HttpClient { BaseAddress = three.Sources.Address };
            return three;
        }
        catch
        {
            await three.DisposeAsync();
            throw;
        }
    }

    /// <summary>One server's side, past the balancer.</summary>
    public HttpClient SourceOf(int server) => new() { BaseAddress = Sources.Servers[server] };

    /// <summary>One server's other side, under the name that all have.</summary>
    public HttpClient ReviewersOf(int server)
    {
        var client = new HttpClient { BaseAddress = Reviewers.Servers[server] };
        client.DefaultRequestHeaders.Host = Reviewers.Address.Authority;
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Source?.Dispose();
        await Sources.DisposeAsync();
        await Reviewers.DisposeAsync();
        await MongoServer.DropAsync(Connection);
        _folder.Dispose();
    }

    private async Task<(Uri Source, Uri Reviewer)> StartOneAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Assembly, $"--SecureDrop:Mongo:ConnectionStringFile={_folder.File("mongo")}", $"--SecureDrop:Mongo:Database={Connection.Database}",
            "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0", $"--SecureDrop:Reviewer:Origin=http://{Reviewers.Address.Authority}",
        ])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        _processes.Add(process);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var said = new Dictionary<string, string>();
        while (!said.ContainsKey("reviewer") && await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var parts = line.Split(": ", 2);
            said[parts[0]] = parts[1];
        }
        SetupToken = said["setup-token"];
        return (new Uri(said["source"]), new Uri(said["reviewer"]));
    }
}
