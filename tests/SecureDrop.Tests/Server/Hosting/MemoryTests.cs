using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace SecureDrop.Tests.Server.Hosting;

/// <summary>The program as it is shipped, in a process of its own: what thousands send at once, and none of it wanted, is not held in memory.</summary>
public sealed class MemoryTests
{
    private const int Clients = 600;
    private const int SentByEachInBytes = 4 << 20;
    private const long MostResidentInKibibytes = 300_000_000 / 1024;
    private static readonly string Assembly = typeof(SecureDrop.Server.Hosting.DropServer).Assembly.Location;

    [Fact]
    public async Task Bodies_OfSixHundredClientsAtOnce_StayWithThem()
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "Only Linux says how much memory a process had.");
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Assembly)!, "wwwroot", "page.html")), "The page is not built.");
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet",
        [
            Assembly, $"--SecureDrop:Drop:DataDirectory={folder.Path}", "--SecureDrop:Source:Listen=http://127.0.0.1:0", "--SecureDrop:Reviewer:Listen=http://127.0.0.1:0",
        ])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            Uri? source = null;
            while (source is null && await process.StandardOutput.ReadLineAsync() is { } line)
                source = line.StartsWith("source: ", StringComparison.Ordinal) ? new Uri(line["source: ".Length..]) : null;
            var head = Encoding.ASCII.GetBytes("POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 16000000\r\n\r\n");
            var piece = new byte[1 << 18];
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
            {
                using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await client.ConnectAsync(source!.Host, source.Port);
                    await client.SendAsync(head);
                    for (var sent = 0; sent < SentByEachInBytes;)
                        sent += await client.SendAsync(piece);
                }
                catch (SocketException)
                {
                    // Whoever is put out has sent enough.
                }
            })));
            using var http = new HttpClient { BaseAddress = source };
            using (var page = await http.GetAsync("/"))
                page.EnsureSuccessStatusCode();
            var most = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            var kibibytes = long.Parse(most["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            TestContext.Current.TestOutputHelper?.WriteLine($"most resident: {kibibytes / 1024} MiB");
            Assert.True(kibibytes < MostResidentInKibibytes, $"{kibibytes / 1024} MiB");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
