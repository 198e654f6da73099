using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Hosting;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>The server as it is shipped, in a process of its own that is killed and started again on the same ports, with a reviewer's keys.</summary>
internal sealed class KillableServer : IAsyncDisposable
{
    private static readonly string Assembly = typeof(DropServer).Assembly.Location;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly StringBuilder _errors = new();
    private readonly RunningDrop.Keys _keys = new();
    private readonly string _origin;
    private Process? _process;

    private KillableServer(string[] store, IReadOnlyDictionary<string, string> variables)
    {
        _variables = variables;
        var (source, reviewer) = (FreePort(), FreePort());
        _origin = $"http://127.0.0.1:{reviewer}";
        // No limit but the places: the machine's rate is what the round is about.
        _arguments = [.. store, $"--SecureDrop:Source:Listen=http://127.0.0.1:{source}", $"--SecureDrop:Reviewer:Listen={_origin}", "--SecureDrop:Tickets:MostDifficulty=0"];
        Source = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{source}") };
        Reviewers = new HttpClient { BaseAddress = new Uri(_origin) };
    }

    public HttpClient Source { get; }

    public HttpClient Reviewers { get; }

    /// <summary>All that every process of it said on standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <param name="store">The settings that say where it keeps the drop.</param>
    public static Task<KillableServer> StartAsync(params string[] store) => StartAsync(new Dictionary<string, string>(), store);

    /// <param name="variables">Variables of its environment besides the test's own.</param>
    /// <param name="store">The settings that say where it keeps the drop.</param>
    public static async Task<KillableServer> StartAsync(IReadOnlyDictionary<string, string> variables, params string[] store)
    {
        SkipWithoutPage();
        var server = new KillableServer(store, variables);
        try
        {
            var token = await server.StartAgainAsync();
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var roster = new Roster
            {
                DropKey = server._keys.Drop.PublicKey, Name = new Dictionary<string, string> { ["en"] = "Test drop" }, Version = 1, Issued = today,
                Expires = today.AddDays(Roster.LifetimeInDays), Reviewers = [server._keys.Alice.Entry(today.AddDays(90))],
            };
            using var answer = await server.Reviewers.PutAsync("/api/v1/roster", RunningDrop.Json(SignedStatement.Sign(StatementPurpose.Roster, roster.Write(), server._keys.Drop), token));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its start ends where the page is looked for; without one nothing can be shown.</summary>
    public static void SkipWithoutPage() =>
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Assembly)!, "wwwroot", "page.html")), "The page is not built.");

    /// <summary>SIGKILL, and gone.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <returns>The setup token, where it made one.</returns>
    public async Task<string?> StartAgainAsync()
    {
        var (token, exitCode) = await TryStartAgainAsync();
        return exitCode is null ? token : throw new InvalidOperationException($"The server did not start: {Errors}");
    }

    /// <returns>The setup token, where it made one; and the exit code, where it ended before it listened.</returns>
    public async Task<(string? Token, int? ExitCode)> TryStartAgainAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. _arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in _variables)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        string? token = null;
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("setup-token: ", StringComparison.Ordinal))
                token = line["setup-token: ".Length..];
            if (line.StartsWith("reviewer: ", StringComparison.Ordinal))
                return (token, null);
        }
        await process.WaitForExitAsync(patience.Token);
        return (token, process.ExitCode);
    }

    /// <summary>A reviewer's client, logged in.</summary>
    public async Task<HttpClient> LogInAsync()
    {
        using var asked = await Reviewers.PostAsync("/api/v1/session/challenge", null);
        var challenge = RunningDrop.Member(await asked.Content.ReadAsByteArrayAsync(), "challenge");
        var session = _keys.Alice.Session;
        var statement = new SessionStatement(_origin, challenge, session.PublicKey).Write();
        using var answered = await Reviewers.PostAsync("/api/v1/session", RunningDrop.Json(SignedStatement.Sign(StatementPurpose.Session, statement, session)));
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        var client = new HttpClient { BaseAddress = Reviewers.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningDrop.Member(await answered.Content.ReadAsByteArrayAsync(), "token"));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Source.Dispose();
        Reviewers.Dispose();
        _keys.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return int.Parse(listener.LocalEndpoint.ToString()!.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
