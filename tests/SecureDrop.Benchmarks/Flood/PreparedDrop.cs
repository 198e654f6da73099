using System.Security.Cryptography;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Days;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Sqlite;
using StoredEntry = SecureDrop.Server.Storage.DeadDropEntry;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>
/// A drop that has lived for a month: a roster, thirty dead drops, ten thousand uploads begun and never ended. Made once; each flood
/// begins with a copy of it. And its key of today, with which tickets can be made that nobody would get from it.
/// </summary>
internal sealed class PreparedDrop
{
    /// <summary>As many dead drops as are kept.</summary>
    private const int Days = 30;

    /// <summary>Three reviewers' slots a day.</summary>
    private const int SlotsOfADay = 24;

    /// <summary>One day has more than fits into what the kernel keeps of an answer: who does not read it is served still.</summary>
    private const int SlotsOfTheLargest = 1024;

    private readonly string _folder;
    private readonly byte[] _key;

    private PreparedDrop(string folder, byte[] key, string[] begun) => (_folder, _key, Begun) = (folder, key, begun);

    /// <summary>Tickets of the uploads that have begun: of each there is part 1.</summary>
    internal string[] Begun { get; }

    /// <summary>The path of the largest dead drop.</summary>
    internal static string LargestDeadDrop => $"/api/v1/dead-drops/{Clock.Today().AddDays(-1):yyyy-MM-dd}/0";

    internal static async Task<PreparedDrop> MakeAsync(ScratchFolder scratch, int begun)
    {
        string folder = scratch.File("prepared");
        using (ServerProcess server = ServerProcess.Start(folder))
        {
            using ReviewerDesk desk = ReviewerDesk.Create(scratch, server.Reviewers, server.Source, server.SetupToken);
        }

        using DataFolder data = DataFolder.Open(folder);
        await using SqliteStateStore state = new(data);
        await using SqliteDeadDropStore deadDrops = new(data, 1 << 20);
        for (int back = 1; back <= Days; back++)
        {
            DateOnly day = Clock.Today().AddDays(-back);
            await deadDrops.BeginDayAsync(day, 0, CancellationToken.None);
            StoredEntry[] slots =
                [.. Enumerable.Range(0, back == 1 ? SlotsOfTheLargest : SlotsOfADay).Select(_ => new StoredEntry(0, RandomNumberGenerator.GetBytes(DeadDropSlot.SizeInBytes)))];
            await deadDrops.StoreBatchAsync(day, new byte[32], slots, [], CancellationToken.None);
            await deadDrops.PublishAsync(day, CancellationToken.None);
        }

        byte[] key = await state.ReadOrCreateKeyAsync(Clock.Today(), RandomNumberGenerator.GetBytes(IDayStore.KeySizeInBytes), CancellationToken.None);
        PreparedDrop prepared = new(folder, key, new string[begun]);
        await using SqliteReportStore reports = new(data, 1 << 20);
        using DayKey today = prepared.Key();
        await Parallel.ForAsync(0, begun, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (n, cancel) =>
        {
            string ticket = prepared.Begun[n] = today.IssueTicket(0, TimeProvider.System.GetUtcNow());
            await reports.StorePartAsync(Clock.Today(), today.StoredIdOf(Ticket.UploadId(ticket)), 1, new byte[1024], cancel);
        });
        return prepared;
    }

    /// <summary>A copy of its files, to be flooded.</summary>
    internal void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(_folder, "*.sqlite"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    /// <summary>Tickets of this drop that are an hour old, tickets of another one, and tickets whose difficulty somebody changed.</summary>
    internal string[] UselessTickets(int count)
    {
        using DayKey mine = Key(), another = new(Clock.Today(), RandomNumberGenerator.GetBytes(IDayStore.KeySizeInBytes));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return [.. Enumerable.Range(0, count).Select(n => (n % 3) switch
        {
            0 => mine.IssueTicket(6, now - TimeSpan.FromHours(1)),
            1 => another.IssueTicket(6, now),
            _ => Changed(mine.IssueTicket(6, now)),
        })];
    }

    private static string Changed(string ticket) => (ticket[0] == 'A' ? 'B' : 'A') + ticket[1..];

    private DayKey Key() => new(Clock.Today(), [.. _key]);
}
