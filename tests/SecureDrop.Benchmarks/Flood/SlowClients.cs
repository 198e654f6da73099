using System.Net.Sockets;
using System.Text;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>
/// Thousands of connections that want nothing but to be in the way: silent, half a request, a body of 50 bytes a second, answers that
/// nobody reads. Each is opened again when the server closes it.
/// </summary>
internal sealed class SlowClients(Uri server, int clients, IReadOnlyList<string> tickets)
{
    private const int BytesASecond = 50;
    private int _next;

    internal Tally Tally { get; } = new();

    internal Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(n => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            try
            {
                await socket.ConnectAsync(server.Host, server.Port, stop);
                await HoldAsync(socket, n, stop);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Closed by the server, or the end of the flood.
            }

            if (!stop.IsCancellationRequested)
            {
                Tally.Broke();
            }
        }
    }, CancellationToken.None)));

    private async Task HoldAsync(Socket socket, int kind, CancellationToken stop)
    {
        byte[] trickle = new byte[BytesASecond];
        bool trickles = kind % 5 >= 2 && kind % 5 != 4;
        await socket.SendAsync(Encoding.ASCII.GetBytes(Beginning(kind)), stop);
        while (true)
        {
            if (trickles)
            {
                await socket.SendAsync(trickle, stop);
            }
            // Zero bytes to read without having read them all means that the other side has closed.
            else if (kind % 5 != 4 && socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), stop);
        }
    }

    private string Beginning(int kind)
    {
        string ticket = tickets[Interlocked.Increment(ref _next) % tickets.Count];
        string id = Convert.ToHexStringLower(Ticket.UploadId(ticket));
        return (kind % 5) switch
        {
            0 => "",
            1 => "GET /api/v1/roster HTTP/1.1\r\nHost: localhost\r\n",
            2 => Put(id, ticket, 67_195),
            3 => Put(id + "/parts/1", ticket, 1 << 20),
            _ => string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 20)),
        };
    }

    private static string Put(string path, string ticket, int length) =>
        $"PUT /api/v1/reports/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nTicket: {ticket}.00000000\r\nContent-Length: {length}\r\n\r\n";
}
