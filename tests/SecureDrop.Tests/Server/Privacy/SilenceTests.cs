using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>
/// The program as it is shipped, told in every way the framework knows to say more: after requests of every kind its two outputs hold
/// what they held at the start, and nothing that came from a request is in any file it wrote.
/// </summary>
public sealed class SilenceTests
{
    private const string Sentinel = "s3ntinel";
    private static readonly string Assembly = typeof(SecureDrop.Server.Hosting.DropServer).Assembly.Location;

    private static readonly Dictionary<string, string> Talkative = new()
    {
        ["Logging__LogLevel__Default"] = "Trace", ["Logging__LogLevel__Microsoft"] = "Trace", ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
        ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace", ["Logging__LogLevel__Microsoft.AspNetCore.HttpLogging.HttpLoggingMiddleware"] = "Trace",
        ["Logging__LogLevel__Microsoft.AspNetCore.Server.Kestrel"] = "Trace", ["Logging__LogLevel__System"] = "Trace",
        ["Logging__Console__LogLevel__Default"] = "Trace", ["Logging__Console__FormatterName"] = "json", ["Logging__Debug__LogLevel__Default"] = "Trace",
        ["Logging__EventSource__LogLevel__Default"] = "Trace", ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DOTNET_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_DETAILEDERRORS"] = "true", ["ASPNETCORE_CAPTURESTARTUPERRORS"] = "true", ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["ASPNETCORE_HTTP_PORTS"] = "0", ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = "Microsoft.AspNetCore.HttpLogging",
        ["OTEL_LOG_LEVEL"] = "trace", ["OTEL_METRICS_EXPORTER"] = "console", ["OTEL_TRACES_EXPORTER"] = "console", ["OTEL_LOGS_EXPORTER"] = "console",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000", ["OTEL_METRICS_EXEMPLAR_FILTER"] = "always_on", ["OTEL_RESOURCE_ATTRIBUTES"] = "host.name=here",
    };

    private static readonly Dictionary<string, string> Traced = new()
    {
        ["DOTNET_EnableDiagnostics"] = "1", ["DOTNET_EnableEventPipe"] = "1",
        ["DOTNET_EventPipeConfig"] = string.Join(',', new[]
        {
            "Microsoft.AspNetCore.Hosting", "Microsoft-AspNetCore-Server-Kestrel", "Microsoft-Extensions-Logging", "Microsoft-Diagnostics-DiagnosticSource",
            "System.Net.Sockets", "System.Diagnostics.Metrics", "System.Threading.Tasks.TplEventSource", "Microsoft-System-Net-Http",
        }.Select(provider => provider + ":0xffffffffffffffff:5")),
    };

    [Theory]
    [InlineData("nothing set")]
    [InlineData("every log level")]
    [InlineData("the runtime's event pipe")]
    public async Task Output_OfTheProgramUnderHostileRequests_IsWhatItWasAtTheStart(string setting)
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Assembly)!, "wwwroot", "page.html")), "The page is not built.");
        using var folder = new TemporaryFolder();
        using var traces = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet",
        [
            Assembly, $"--SecureDrop:Drop:DataDirectory={folder.Path}", "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0",
        ])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = traces.Path,
        };
        // OpenTelemetry looks for this where the program was started, and then writes down what it sees of itself.
        if (setting == "every log level")
            await File.WriteAllTextAsync(traces.File("OTEL_DIAGNOSTICS.json"), $"{{\"LogDirectory\": \"{traces.Path}\", \"FileSize\": 1024, \"LogLevel\": \"Verbose\"}}");
        foreach (var (key, value) in setting == "every log level" ? Talkative : setting.StartsWith("the runtime", StringComparison.Ordinal) ? Traced : [])
            start.Environment[key] = value;
        start.Environment["DOTNET_EventPipeOutputPath"] = traces.File("trace.nettrace");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        try
        {
            var (source, reviewer) = await AddressesAsync(process, output);
            foreach (var address in new[] { source, reviewer })
            {
                foreach (var request in Hostile())
                    await RawClients.AskAsync(address, request);
            }
        }
        finally
        {
            // The runtime writes its trace to the end only when it is asked to stop.
            using var stop = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await stop.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await process.WaitForExitAsync(patience.Token);
        }
        output.Append(await process.StandardOutput.ReadToEndAsync());
        Assert.Matches(new Regex("^setup-token: \\S+\nsource: http://127.0.0.1:[0-9]+\nreviewer: http://127.0.0.1:[0-9]+\n$", RegexOptions.None, TimeSpan.FromSeconds(5)), output.ToString());
        Assert.Equal("", await errors);
        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Concat(Directory.GetFiles(traces.Path)).ToList();
        // Else the trace was not made at all, and its silence proves nothing.
        Assert.Equal(setting.StartsWith("the runtime", StringComparison.Ordinal), files.Any(file => file.EndsWith(".nettrace", StringComparison.Ordinal)));
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Sentinel)) < 0 && bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Sentinel)) < 0, file);
        }
    }

    private static async Task<(Uri Source, Uri Reviewer)> AddressesAsync(Process process, StringBuilder output)
    {
        var addresses = new Dictionary<string, Uri>();
        while (addresses.Count < 2 && await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.Append(line).Append('\n');
            foreach (var name in new[] { "source", "reviewer" }.Where(name => line.StartsWith(name + ": ", StringComparison.Ordinal)))
                addresses[name] = new Uri(line[(name.Length + 2)..]);
        }
        return (addresses["source"], addresses["reviewer"]);
    }

    /// <summary>Well formed, refused, malformed, broken off: with the sentinel wherever a request has room for it.</summary>
    private static IEnumerable<byte[]> Hostile()
    {
        const string Headers = $"Host: localhost\r\nUser-Agent: {Sentinel}\r\nAccept-Language: {Sentinel}\r\nX-Forwarded-For: {Sentinel}\r\nForwarded: for={Sentinel}\r\nCookie: {Sentinel}={Sentinel}\r\nReferer: http://{Sentinel}/\r\ntraceparent: 00-{Sentinel}\r\n";
        const string Body = $"{{\"{Sentinel}\": \"{Sentinel}\"}}";
        string[] requests =
        [
            $"GET / HTTP/1.1\r\n{Headers}\r\n", $"GET /{Sentinel} HTTP/1.1\r\n{Headers}\r\n", $"GET /api/v1/roster?{Sentinel} HTTP/1.1\r\n{Headers}\r\n",
            $"GET /plain HTTP/1.1\r\n{Headers}\r\n", $"{Sentinel} / HTTP/1.1\r\n{Headers}\r\n", $"GET / HTTP/1.1\r\nHost: {Sentinel}\r\n\r\n", $"GET / HTTP/{Sentinel}\r\n\r\n",
            $"GET /\u001b]0;{Sentinel}\u0007 HTTP/1.1\r\n{Headers}\r\n", $"GET /%0a{Sentinel}%0a HTTP/1.1\r\n{Headers}\r\n", $"{Sentinel}\r\n\r\n", $"GET / HTTP/1.1\r\n{Sentinel}\r\n\r\n",
            $"PUT /api/v1/reports/{Sentinel} HTTP/1.1\r\n{Headers}Ticket: {Sentinel}\r\nContent-Length: {Body.Length}\r\n\r\n{Body}",
            $"PUT /api/v1/reports/00000000000000000000000000000000 HTTP/1.1\r\n{Headers}Ticket: {Sentinel}\r\nContent-Length: 90000\r\n\r\n{Body}",
            $"POST /plain HTTP/1.1\r\n{Headers}Content-Type: multipart/form-data; boundary={Sentinel}\r\nContent-Length: {Body.Length}\r\n\r\n{Body}",
            $"PUT /api/v1/roster HTTP/1.1\r\n{Headers}Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}",
            $"POST /api/v1/session HTTP/1.1\r\n{Headers}Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}",
            $"GET /api/v1/days HTTP/1.1\r\n{Headers}Authorization: Bearer {Sentinel}\r\n\r\n", $"POST /{Sentinel} HTTP/1.1\r\n{Headers}Transfer-Encoding: chunked\r\n\r\n{Sentinel}\r\n",
            $"GET / HTTP/1.1\r\n{Headers}X: {new string('a', 20_000)}\r\n\r\n", $"GET /{new string('a', 4_000)}{Sentinel} HTTP/1.1\r\n{Headers}\r\n",
        ];
        return requests.Select(Encoding.Latin1.GetBytes);
    }
}
