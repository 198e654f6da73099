using System.Security.Cryptography;
using MongoDB.Bson;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Intake;
using SecureDrop.Server.ReviewerApi;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using Xunit;
using StoredEntry = SecureDrop.Server.Storage.DeadDropEntry;

namespace SecureDrop.Tests.Server.Storage.Mongo;

/// <summary>MongoDB takes documents of 16 MiB at most: the largest of each kind fits.</summary>
public sealed class MongoDocumentSizeTests(MongoServer server) : IAsyncLifetime
{
    private const int LargestDocumentInBytes = 16 << 20;
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly MongoStores _stores = new(server);

    public ValueTask InitializeAsync() => _stores.InitializeAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(ReplyCopy.MaxRecipients)]
    public async Task Batch_TheLongestThatTheServerTakes_FitsAndIsPublishedWhole(int recipients)
    {
        var copySize = ReplyCopy.SizeInBytes(recipients);
        var count = PostBatch.LargestInBytes / (DeadDropBatch.EntryOverheadInBytes + copySize);
        Assert.True(count > 100);
        // Each in a shard of its own: what counts the shards is longest then.
        StoredEntry[] slots = [.. Enumerable.Range(0, count).Select(n => new StoredEntry(n, RandomNumberGenerator.GetBytes(DeadDropSlot.SizeInBytes)))];
        ReadOnlyMemory<byte>[] copies = [.. Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<byte>)RandomNumberGenerator.GetBytes(copySize))];
        var document = MongoBatch.Of(Day, new byte[32], slots, copies);
        document.Add("f", true);
        Assert.InRange(document.ToBson().Length, PostBatch.LargestInBytes * 9 / 10, LargestDocumentInBytes);

        await _stores.DeadDrops.BeginDayAsync(Day, 16, None);
        Assert.Equal(BatchOutcome.Stored, await _stores.DeadDrops.StoreBatchAsync(Day, new byte[32], slots, copies, None));
        Assert.Equal(BatchOutcome.AlreadyThere, await _stores.DeadDrops.StoreBatchAsync(Day, new byte[32], slots, copies, None));
        await _stores.DeadDrops.PublishAsync(Day, None);
        // 65,536 shards, so this is also the longest document of a day.
        var day = Assert.Single(await _stores.DeadDrops.ListAsync(None));
        Assert.Equal((1 << 16, count), (day.SizesInBytes.Count, day.SizesInBytes.Count(size => size == DeadDropSlot.SizeInBytes)));
        Assert.Equal(slots[count - 1].Slot.ToArray(), Assert.Single(await _stores.DeadDrops.ReadSlotsAsync(Day, count - 1, null, 10, None)).ToArray());
        Assert.Equal(count, (await _stores.DeadDrops.CountCopiesAsync(None))[Day]);
    }

    [Fact]
    public async Task PartAndText_TheLongestThatTheServerTakes_Fit()
    {
        var id = StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
        Assert.Equal(StoreOutcome.Stored, await _stores.Reports.StorePartAsync(Day, id, SealedForm.MostParts - 1, new byte[IReportStore.PartSizeInBytes], None));
        Assert.Equal([SealedForm.MostParts - 1], await _stores.Reports.ListPartsAsync(Day, id, None));
        var text = StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));
        Assert.Equal(StoreOutcome.Stored, await _stores.Reports.StoreTextAsync(Day, text, new byte[SealedForm.LargestTextInBytes], None));
    }
}
