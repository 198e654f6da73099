using System.Diagnostics;
using System.Net.Sockets;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Load.Clients;

namespace SecureDrop.Load.Measuring;

/// <summary>In the same run, on the same disk: a plain loop of files with an fsync each, and nginx' <c>PUT</c>, which syncs nothing.</summary>
internal static class Peers
{
    private const int LoopTexts = 2_000;
    private const int PutsAClient = 40;

    internal static async Task MeasureAsync(ScratchFolder folder, Bodies bodies, LoadOptions options)
    {
        byte[][] texts = [.. bodies.Texts.Select(text => text.Bytes)];
        Table.Row("peer: a file and an fsync each, one after another", $"{LoopTexts / FileLoop.Write(folder, texts, LoopTexts).TotalSeconds:F0} /s");
        string copy = folder.File("copy");
        Clock.SettleDisk();
        TimeSpan copying = Clock.Time(() =>
        {
            using FileStream source = new(bodies.Report, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using FileStream target = new(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            source.CopyTo(target, Upload.PartSizeInBytes);
            target.Flush(flushToDisk: true);
        });
        File.Delete(copy);
        Table.Throughput("peer: a copy of the larger report, one fsync", bodies.ReportSizeInBytes, copying);
        if (!File.Exists("/usr/sbin/nginx"))
        {
            Console.WriteLine("peer: nginx is not installed (Debian's package nginx-light has what is needed): not measured");
            return;
        }

        using Nginx nginx = await Nginx.StartAsync(folder);
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = nginx.Address };
        int next = 0;
        async Task PutAsync(ReadOnlyMemory<byte> body)
        {
            using ReadOnlyMemoryContent content = new(body);
            using HttpResponseMessage answer = await http.PutAsync($"/{Interlocked.Increment(ref next):x8}", content);
            answer.EnsureSuccessStatusCode();
        }

        // Its threads and ours, warmed up as the server's are.
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(n => PutAsync(texts[n % texts.Length])));
        TimeSpan time = await Clock.TimeAsync(() => Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async n =>
        {
            for (int put = 0; put < PutsAClient; put++)
            {
                await PutAsync(texts[(n + put) % texts.Length]);
            }
        })));
        Table.Row($"peer: nginx, PUT of texts, {options.Clients} clients, no fsync", $"{options.Clients * PutsAClient / time.TotalSeconds:F0} /s");
    }

    private sealed class Nginx : IDisposable
    {
        private readonly Process _process;

        private Nginx(Process process, Uri address) => (_process, Address) = (process, address);

        internal Uri Address { get; }

        internal static async Task<Nginx> StartAsync(ScratchFolder scratch)
        {
            string folder = Directory.CreateDirectory(scratch.File("nginx")).FullName;
            Directory.CreateDirectory(Path.Combine(folder, "files"));
            int port = FreePort();
            string configuration = Path.Combine(folder, "nginx.conf");
            await File.WriteAllTextAsync(configuration,
                $$"""
                {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
                worker_processes auto;
                pid {{folder}}/pid;
                error_log stderr crit;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    client_body_temp_path {{folder}}/bodies;
                    proxy_temp_path {{folder}}/t1; fastcgi_temp_path {{folder}}/t2; uwsgi_temp_path {{folder}}/t3; scgi_temp_path {{folder}}/t4;
                    client_max_body_size 2m;
                    server { listen 127.0.0.1:{{port}}; root {{folder}}/files; location / { dav_methods PUT; } }
                }
                """);
            Process process = ChildProcess.Start("/usr/sbin/nginx", ["-p", folder, "-c", configuration, "-g", "daemon off;"]);
            for (int tries = 0; tries < 100; tries++)
            {
                try
                {
                    using TcpClient client = new();
                    await client.ConnectAsync("127.0.0.1", port);
                    return new Nginx(process, new Uri($"http://127.0.0.1:{port}"));
                }
                catch (SocketException)
                {
                    await Task.Delay(50);
                }
            }

            process.Kill();
            throw new InvalidOperationException($"nginx did not start: {await process.StandardError.ReadToEndAsync()}");
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private static int FreePort()
        {
            using TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
            listener.Start();
            return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
