using System.Net.Sockets;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.SourceApi;
using Xunit;

namespace SecureDrop.Tests.Server.Hosting;

public sealed class ListenerTests
{
    [Fact]
    public async Task UnixSocket_LeftByAKill_IsTakenOverAndALiveOneIsNot()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("s");
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // A socket that is closed in order takes its file along; moved away first, the file stays as after a kill.
            left.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
            File.Move(path + ".bound", path);
        }
        Assert.True(File.Exists(path));
        await using var drop = await RunningDrop.EmptyAsync(options => OverSocket(options, path));
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        Assert.Contains("page", await client.GetStringAsync("http://drop.example/"));
        Assert.Equal($"unix:{path}", drop.Server.SourceAddress);
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => RunningDrop.EmptyAsync(options => OverSocket(options, path)));
        Assert.Contains("SecureDrop:Source:Listen", refusal.Message);
    }

    [Fact]
    public async Task UnixSocket_PathOfAnOrdinaryFile_RefusedAndTheFileStays()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("notes"), "something of somebody's");
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => RunningDrop.EmptyAsync(options => OverSocket(options, folder.File("notes"))));
        Assert.Equal(["SecureDrop:Source:Listen names a file that is not a socket; choose another path."], refusal.Problems);
        Assert.Equal("something of somebody's", File.ReadAllText(folder.File("notes")));
    }

    [Fact]
    public async Task UnixSocket_WhateverTheUmask_LetsItsGroupInAndNobodyElse()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TemporaryFolder();
        await using var drop = await RunningDrop.EmptyAsync(options => OverSocket(options, folder.File("s")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            File.GetUnixFileMode(folder.File("s")));
    }

    [Fact]
    public async Task Listen_FolderMissingOrPortTaken_ErrorNamesTheKey()
    {
        using var folder = new TemporaryFolder();
        var noFolder = await Assert.ThrowsAsync<ConfigurationException>(
            () => RunningDrop.EmptyAsync(options => OverSocket(options, folder.File("missing/s"))));
        Assert.Equal(
            ["SecureDrop:Source:Listen cannot be listened on: the socket's folder is missing, or this user may not write to it."], noFolder.Problems);

        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var taken = await Assert.ThrowsAsync<ConfigurationException>(() => RunningDrop.EmptyAsync(options => new()
        {
            Drop = options.Drop, Source = options.Source, Reviewer = new() { Listen = $"http://{other.LocalEndpoint}" },
        }));
        Assert.StartsWith("SecureDrop:Reviewer:Listen cannot be listened on", taken.Message);
    }

    [Fact]
    public void Page_NotBuilt_ErrorNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<ConfigurationException>(() => Page.Load(folder.Path));
        Assert.Contains("page.html", refusal.Message);
        Assert.Contains("page.csp", refusal.Message);
        File.WriteAllText(folder.File("page.html"), "<!doctype html>");
        File.WriteAllText(folder.File("page.csp"), "default-src 'none'\nscript-src *\n");
        Assert.Throws<ConfigurationException>(() => Page.Load(folder.Path));
    }

    private static ServerOptions OverSocket(ServerOptions options, string path) => new()
    {
        Drop = options.Drop, Reviewer = options.Reviewer, Source = new() { Listen = $"unix:{path}", Hosts = ["drop.example"] },
    };
}
