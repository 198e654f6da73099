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

    /// <summary>
    /// Sends everything and returns everything that comes back. The sending side is closed once an answer is there, or none comes
    /// to what is not yet a whole request: a server drops a client that hangs up before it was answered.
    /// </summary>
    public static async Task<string> AskAsync(Uri address, ReadOnlyMemory<byte> bytes, int patienceInMilliseconds = 40)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        var answer = new StringBuilder();
        try
        {
            var sending = stream.WriteAsync(bytes).AsTask();
            var buffer = new byte[64 * 1024];
            var reading = stream.ReadAsync(buffer).AsTask();
            // How long is no matter of right or wrong: a request that is answered later is cut off, and proves less.
            while (!IsWhole(answer.ToString()) && await Task.WhenAny(reading, Task.Delay(patienceInMilliseconds)) == reading && await reading is var read and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
                reading = stream.ReadAsync(buffer).AsTask();
            }
            await sending;
            client.Client.Shutdown(SocketShutdown.Send);
            while (await reading is var more and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, more));
                reading = stream.ReadAsync(buffer).AsTask();
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Broken off: what came before it counts.
        }
        return answer.ToString();
    }

    private static bool IsWhole(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        const string Length = "\r\nContent-Length: ";
        var at = answer.IndexOf(Length, 0, end, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            at += Length.Length;
            return answer.Length >= end + 4 + int.Parse(answer.AsSpan(at, answer.IndexOf('\r', at) - at));
        }
        return !answer.Contains("chunked", StringComparison.OrdinalIgnoreCase) || answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
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
