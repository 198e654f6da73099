using System.Net.Sockets;
using System.Text;

namespace SecureDrop.Tests.Server;

/// <summary>Connections on which bytes are sent as they are, for what no client library would send.</summary>
internal sealed class RawClients : IDisposable
{
    private readonly List<TcpClient> _clients = [];

    /// <summary>Sends the beginning of something and leaves the connection open.</summary>
    public async Task<NetworkStream> SendAsync(Uri address, string bytes)
    {
        var client = new TcpClient();
        _clients.Add(client);
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));
        return client.GetStream();
    }

    /// <summary>Sends everything and returns everything that comes back until the server closes; empty where it broke off.</summary>
    public static async Task<string> AskAsync(Uri address, ReadOnlyMemory<byte> bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes);
            client.Client.Shutdown(SocketShutdown.Send);
            return await ReadToEndAsync(stream);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "";
        }
    }

    public static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // Broken off: what came before it counts.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());
}
