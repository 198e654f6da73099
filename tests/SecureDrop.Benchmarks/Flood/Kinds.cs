using System.Text;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>What a flood is run with.</summary>
/// <param name="Server">Whom it floods.</param>
/// <param name="Text">A sealed text.</param>
/// <param name="Tally">What becomes of it.</param>
/// <param name="Drop">The drop, where it is one that was prepared.</param>
/// <param name="MostRequests">Of small requests, so many.</param>
internal sealed record Means(Uri Server, byte[] Text, Tally Tally, PreparedDrop? Drop, int MostRequests)
{
    /// <summary>Tickets fetched beforehand.</summary>
    public string[] Tickets { get; init; } = [];
}

/// <summary>A flood: its name, the server's settings, tickets that it fetches beforehand, and itself, which ends when it is told to.</summary>
internal sealed record Kind(string Name, string[] Settings, int Tickets, Func<Means, CancellationToken, Task> RunAsync)
{
    /// <summary>Connections that send one request after another.</summary>
    private const int Connections = 512;

    private const int SlowOnes = 3000;
    private const int BogusNoncesASecond = 10_000;

    /// <summary>Fewer than a listener takes, so that none is put out by its like.</summary>
    private const int PipelinedConnections = 1500;

    /// <summary>Requests a second, more than this machine can send.</summary>
    private const int AsManyAsCanBe = 200_000;

    private static readonly string[] Asking = ["--SecureDrop:Tickets:LeastDifficulty=6"];

    /// <summary>What came of doing nothing: against it the others are held.</summary>
    internal static readonly Kind None = new("none", [], 0, (_, stop) => Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default));

    /// <summary>Each of the floods that a drop has to bear.</summary>
    internal static readonly Kind[] All =
    [
        None,
        new("texts, hoarded tickets", [], 20_000, (with, stop) => ClosedAsync(with, Connections, floods => floods.TextsAsync(with.Tickets, stop))),
        new("texts that pay, one core", [], 0, TextsThatPayAsync),
        new("texts, no tickets", [], 0, (with, stop) => ClosedAsync(with, Connections, floods => floods.TextsWithoutTicketsAsync(stop))),
        new("tickets: stale, foreign, changed", Asking, 0, (with, stop) => ClosedAsync(with, Connections, floods => floods.TextsAsync(with.Drop?.UselessTickets(3000) ?? throw NoDrop(), stop))),
        new("tickets: one used again and again", [], 4, (with, stop) => ClosedAsync(with, Connections, floods => floods.TextsAsync(with.Tickets, stop))),
        new("ten thousand bogus nonces a second", Asking, 2_000, BogusNoncesAsync),
        new("ten thousand open uploads", [], 0, (with, stop) => ClosedAsync(with, Connections, floods => floods.PartsAsync(with.Drop?.Begun ?? throw NoDrop(), 2, new byte[1 << 16], stop))),
        new("uploads begun, none ended", [], 10_000, (with, stop) => ClosedAsync(with, Connections, floods => floods.PartsAsync(with.Tickets, 1, with.Text, stop))),
        new("parts out of range", [], 100, (with, stop) => ClosedAsync(with, Connections, floods => floods.PartsOutOfRangeAsync(with.Tickets, stop))),
        new("small requests, up to a million", [], 0, SmallRequestsAsync),
        new("forms of /plain", [], 0, (with, stop) => ClosedAsync(with, Connections, floods => floods.FormsAsync(stop))),
        new("slow clients by the thousand", [], 1000, (with, stop) => SlowAsync(with, SlowOnes, stop,
            Slowness.Silent, Slowness.HalfARequest, Slowness.TricklesAText, Slowness.TricklesAPart, Slowness.DoesNotReadThePage)),
        new("dead drops that nobody reads", [], 1, (with, stop) => SlowAsync(with, SlowOnes, stop, Slowness.DoesNotReadADeadDrop)),
        new("texts without their last byte", [], 1000, (with, stop) => SlowAsync(with, 1000, stop, Slowness.AlmostAText)),
        new("parts without their last byte", [], 1000, (with, stop) => SlowAsync(with, 1000, stop, Slowness.AlmostAPart)),
        new("forms without their last byte", [], 1000, (with, stop) => SlowAsync(with, 1000, stop, Slowness.AlmostAForm)),
        new("everything at once", Asking, 2_000, EverythingAsync),
    ];

    /// <summary>Floods that show what a difficulty is worth.</summary>
    internal static readonly Func<Means, CancellationToken, Task> Bogus = BogusNoncesAsync, Paying = TextsThatPayAsync;

    private static Task TextsThatPayAsync(Means with, CancellationToken stop) => ClosedAsync(with, Connections, floods => floods.TextsThatPayAsync(stop));

    /// <summary>Good tickets with nonces that pay nothing: each costs the server a PBKDF2.</summary>
    private static Task BogusNoncesAsync(Means with, CancellationToken stop) =>
        new OpenLoop(with.Server, PipelinedConnections, BogusNoncesASecond, int.MaxValue, n => Put(with.Tickets[n % with.Tickets.Length], n, "x"u8), with.Tally).RunAsync(stop);

    /// <summary>What every visit asks, over and over.</summary>
    private static Task SmallRequestsAsync(Means with, CancellationToken stop)
    {
        byte[][] fixedOnes = [.. new[] { "/api/v1/roster", "/api/v1/ticket", "/api/v1/dead-drops" }.Select(path => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))];
        return new OpenLoop(with.Server, 64, AsManyAsCanBe, with.MostRequests,
            n => n % 4 < 3 ? fixedOnes[n % 4] : Encoding.ASCII.GetBytes($"GET /api/v1/reports/{n:x32}/parts HTTP/1.1\r\nHost: localhost\r\n\r\n"), with.Tally).RunAsync(stop);
    }

    /// <summary>A little of each: what one kind leaves, another may take.</summary>
    private static Task EverythingAsync(Means with, CancellationToken stop) => Task.WhenAll(
        ClosedAsync(with, 64, floods => floods.TextsAsync(with.Tickets, stop)),
        ClosedAsync(with, 64, floods => floods.TextsWithoutTicketsAsync(stop)),
        with.Drop is { } drop ? ClosedAsync(with, 96, floods => floods.PartsAsync(drop.Begun, 2, new byte[1 << 20], stop)) : Task.CompletedTask,
        ClosedAsync(with, 64, floods => floods.FormsAsync(stop)),
        // With a body each, of which the web server takes what its buffer holds while the proof waits.
        new OpenLoop(with.Server, 500, 1_000, int.MaxValue, n => Put(with.Tickets[n % with.Tickets.Length], n, with.Text), with.Tally).RunAsync(stop),
        SmallRequestsAsync(with, stop),
        SlowAsync(with, 1200, stop, Slowness.Silent, Slowness.TricklesAText, Slowness.DoesNotReadThePage, Slowness.DoesNotReadADeadDrop, Slowness.AlmostAText, Slowness.AlmostAPart, Slowness.AlmostAForm));

    private static async Task ClosedAsync(Means with, int connections, Func<Floods, Task> run)
    {
        using Floods floods = new(with.Server, connections, with.Text, with.Tally);
        await run(floods);
    }

    private static Task SlowAsync(Means with, int clients, CancellationToken stop, params Slowness[] kinds) =>
        new SlowClients(with.Server, with.Tickets, PreparedDrop.LargestDeadDrop, with.Tally).RunAsync(clients, kinds, stop);

    private static byte[] Put(string ticket, int nonce, ReadOnlySpan<byte> body) =>
    [
        .. Encoding.ASCII.GetBytes($"PUT /api/v1/reports/{Convert.ToHexStringLower(Ticket.UploadId(ticket))} HTTP/1.1\r\nHost: localhost\r\n"
            + $"Content-Type: application/octet-stream\r\nTicket: {ticket}.{nonce:x8}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body,
    ];

    private static InvalidOperationException NoDrop() => new("This flood needs a drop of its own: run `flood SECONDS THOUSANDS WORD` instead.");
}
