using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>
/// A line to a MongoDB that reads what goes over it: it keeps every command, and may put another answer in an answer's place. So a set of one
/// member says what only a larger one does: that no majority answered in time, that a majority read is behind.
/// </summary>
/// <remarks>https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ (OP_MSG). A command's documents, which come as a section of their own, are not kept.</remarks>
internal sealed class MongoLine : IAsyncDisposable
{
    private const int HeaderInBytes = 16;
    private const int OpMsg = 2013;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly MongoServerAddress _target;
    private readonly MongoUrlBuilder _url;
    private readonly Task _accepting;

    public MongoLine(string connectionString)
    {
        _url = new MongoUrlBuilder(connectionString);
        Assert.SkipWhen(_url.UseTls || _url.Servers.Count() != 1, "shown on a MongoDB of one address without TLS only");
        _target = _url.Server;
        _listener.Start();
        _url.Server = new MongoServerAddress("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        _url.DirectConnection = true;
        _accepting = AcceptAsync();
    }

    public string ConnectionString => _url.ToString();

    /// <summary>Commands in order of arrival, each without its documents.</summary>
    public ConcurrentQueue<BsonDocument> Commands { get; } = [];

    /// <summary>Gets a command and its answer, and gives the answer that goes on.</summary>
    public Func<BsonDocument, BsonDocument, BsonDocument>? Change { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using (near)
        {
            using var far = new TcpClient();
            try
            {
                await far.ConnectAsync(_target.Host, _target.Port, _end.Token);
                var asked = new ConcurrentDictionary<int, BsonDocument>();
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                await Task.WhenAny(
                    PumpAsync(near, far, message => Asked(asked, message), stop.Token),
                    PumpAsync(far, near, message => Answered(asked, message), stop.Token));
                await stop.CancelAsync();
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One side went away.
            }
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<byte[], byte[]> change, CancellationToken cancel)
    {
        while (true)
        {
            var head = new byte[HeaderInBytes];
            await from.GetStream().ReadExactlyAsync(head, cancel);
            var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
            head.CopyTo(message, 0);
            await from.GetStream().ReadExactlyAsync(message.AsMemory(HeaderInBytes), cancel);
            await to.GetStream().WriteAsync(change(message), cancel);
        }
    }

    private byte[] Asked(ConcurrentDictionary<int, BsonDocument> asked, byte[] message)
    {
        if (Body(message) is { } command)
        {
            Commands.Enqueue(command);
            asked[Number(message, 1)] = command;
        }
        return message;
    }

    private byte[] Answered(ConcurrentDictionary<int, BsonDocument> asked, byte[] message)
    {
        if (Change is not { } change || !asked.TryRemove(Number(message, 2), out var command) || Body(message) is not { } answer)
            return message;
        var body = change(command, answer).ToBson();
        // No flags, one section of kind 0.
        byte[] changed = [.. message[..HeaderInBytes], 0, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32LittleEndian(changed, changed.Length);
        return changed;
    }

    /// <summary>The body (section of kind 0) of an OP_MSG; null of any other message.</summary>
    private static BsonDocument? Body(byte[] message)
    {
        if (Number(message, 3) != OpMsg)
            return null;
        var at = HeaderInBytes + sizeof(int);
        while (message[at] != 0)
            at += 1 + BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(at + 1));
        return BsonSerializer.Deserialize<BsonDocument>(message.AsSpan(at + 1, BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(at + 1))).ToArray());
    }

    /// <summary>Of the header: length, request, the request that is answered, kind of message.</summary>
    private static int Number(byte[] message, int n) => BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(n * sizeof(int)));
}
