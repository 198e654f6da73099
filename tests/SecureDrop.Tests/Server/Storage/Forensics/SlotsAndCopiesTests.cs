using System.Security.Cryptography;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Storage;
using SecureDrop.Tests.Server.Storage.Sqlite;
using Xunit;
using StoredEntry = SecureDrop.Server.Storage.DeadDropEntry;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>
/// Slots and copies cannot be paired by what lies on the disk: neither while their day runs, when they stand under their batch, nor
/// once it has ended, when nothing of batches is left.
/// </summary>
public sealed class SlotsAndCopiesTests
{
    private const int Pairs = 200, Batches = 25, PairsOfABatch = Pairs / Batches;

    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task OneBatchOfTwoHundred_RunningAndPublished_CannotBePaired()
    {
        await using var stores = new SqliteStores();
        await stores.DeadDrops.BeginDayAsync(Day, 0, None);
        var batch = MakePairs();
        Assert.Equal(BatchOutcome.Stored, await StoreAsync(stores, batch));
        using (var running = StolenFolder.Steal(stores.Path))
            AssertNotPaired(batch, running.File_("dead-drop-2026-11-24.sqlite"), running.File_("dead-drop-2026-11-24.sqlite"));
        // Posted again it is made anew, and nothing of the first is left.
        var again = MakePairs();
        Assert.Equal(BatchOutcome.Replaced, await StoreAsync(stores, again));
        using (var running = StolenFolder.Steal(stores.Path))
        {
            AssertNotPaired(again, running.File_("dead-drop-2026-11-24.sqlite"), running.File_("dead-drop-2026-11-24.sqlite"));
            Assert.All(batch, pair => Assert.All(running.Names, name => Assert.Equal(-1, Place(File.ReadAllBytes(running.File_(name)), pair.Slot.Span))));
        }
        await stores.DeadDrops.PublishAsync(Day, None);
        using var published = StolenFolder.Steal(stores.Path);
        AssertNotPaired(again, published.File_("dead-drop-2026-11-24.sqlite"), published.File_("copies-2026-11-24.sqlite"));
    }

    [Fact]
    public async Task BatchesOfTwentyFiveReviewers_OnceTheDayHasEnded_AreOneHeap()
    {
        await using var stores = new SqliteStores();
        await stores.DeadDrops.BeginDayAsync(Day, 0, None);
        var pairs = MakePairs();
        var owners = Enumerable.Range(0, Batches).Select(_ => RandomNumberGenerator.GetBytes(32)).ToList();
        for (var n = 0; n < Batches; n++)
            Assert.Equal(BatchOutcome.Stored, await StoreAsync(stores, pairs.GetRange(n * PairsOfABatch, PairsOfABatch), owners[n]));
        await stores.DeadDrops.PublishAsync(Day, None);
        using var published = StolenFolder.Steal(stores.Path);
        var (slots, copies) = AssertNotPaired(pairs, published.File_("dead-drop-2026-11-24.sqlite"), published.File_("copies-2026-11-24.sqlite"));
        // By batch, and by the time of its posting, neither: the places in the order in which all were posted tell nothing.
        foreach (var (name, places) in new[] { ("slots", slots), ("copies", copies) })
            Assert.Empty(RankStatistics.Findings(name, places, PairsOfABatch));
        Assert.All(owners, owner => Assert.All(published.Names, name => Assert.Equal(-1, File.ReadAllBytes(published.File_(name)).AsSpan().IndexOf(owner))));
    }

    [Fact]
    public void PairsThatLieAlike_AreSeen()
    {
        var places = Enumerable.Range(0, Pairs).Select(_ => (double)RandomNumberGenerator.GetInt32(int.MaxValue)).ToArray();
        Assert.NotEmpty(Findings(places, [.. places.Select(place => place + 1)]));
        // Not even where each copy lies somewhere among the eight of its batch.
        var batches = Enumerable.Range(0, Pairs).Select(n => ((n / PairsOfABatch) * PairsOfABatch) + (double)RandomNumberGenerator.GetInt32(PairsOfABatch) + (n / 1e6)).ToArray();
        Assert.NotEmpty(Findings([.. Enumerable.Range(0, Pairs).Select(n => (double)n)], batches));
    }

    private static (double[] Slots, double[] Copies) AssertNotPaired(List<SecureDrop.Crypto.Replies.DeadDropEntry> pairs, string slotsFile, string copiesFile)
    {
        // By size nothing is paired: there is one.
        Assert.Single(pairs.Select(pair => pair.Slot.Length).Distinct());
        Assert.Single(pairs.Select(pair => pair.Copy.Length).Distinct());
        byte[] slotBytes = File.ReadAllBytes(slotsFile), copyBytes = File.ReadAllBytes(copiesFile);
        double[] slots = [.. pairs.Select(pair => (double)Place(slotBytes, pair.Slot.Span))], copies = [.. pairs.Select(pair => (double)Place(copyBytes, pair.Copy.Span))];
        Assert.DoesNotContain(-1, slots.Concat(copies));
        Assert.Empty(Findings(slots, copies));
        return (slots, copies);
    }

    /// <summary>What the places of slots tell of those of their copies.</summary>
    private static IEnumerable<string> Findings(double[] slots, double[] copies) =>
        RankStatistics.Findings("place of the copy", [.. copies.Zip(slots).OrderBy(pair => pair.Second).Select(pair => pair.First)], PairsOfABatch);

    private static int Place(byte[] file, ReadOnlySpan<byte> bytes)
    {
        // Any piece: the border of a page lies within one of two.
        var first = file.AsSpan().IndexOf(bytes.Slice(64, 64));
        return first >= 0 ? first : file.AsSpan().IndexOf(bytes.Slice(256, 64));
    }

    private static Task<BatchOutcome> StoreAsync(SqliteStores stores, List<SecureDrop.Crypto.Replies.DeadDropEntry> pairs, byte[]? owner = null) =>
        stores.DeadDrops.StoreBatchAsync(Day, owner ?? new byte[32], [.. pairs.Select(pair => new StoredEntry(pair.Shard, pair.Slot))], [.. pairs.Select(pair => pair.Copy)], None);

    /// <summary>As the reviewer's tool makes them: every fourth is an answer to somebody, the others are fillers.</summary>
    private static List<SecureDrop.Crypto.Replies.DeadDropEntry> MakePairs()
    {
        using var signer = MinisignKeyPair.Generate();
        using var drop = MinisignKeyPair.Generate();
        using var codename = Codename.Generate();
        using var source = codename.DeriveKeys(drop.PublicKey);
        using HybridIdentity first = HybridIdentity.Generate(), second = HybridIdentity.Generate();
        var sealer = new ReplySealer(signer, drop.PublicKey, [first.Recipient, second.Recipient], 0);
        var conversation = new SecureDrop.Crypto.Reports.ReportConversation(source.Recipient.Recipient.Text, source.Signing.PublicKey, Convert.ToHexStringLower(source.Tag));
        return
        [
            .. Enumerable.Range(0, Pairs).Select(n => n % 4 != 0 ? sealer.SealFiller(Day) : sealer.Seal(new Reply
            {
                Id = Reply.NewId(), DropKey = drop.PublicKey, Conversation = source.Signing.PublicKey, Day = Day, Part = 1, Parts = 1, Kind = ReplyKind.Message, Message = $"answer {n}",
            }, conversation)),
        ];
    }
}
