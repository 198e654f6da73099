using System.Security.Cryptography;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Contracts;

/// <summary>What every store of dead drops does.</summary>
public abstract class DeadDropStoreContract
{
    private const int SlotSizeInBytes = 9_883;

    protected static readonly DateOnly Day = new(2026, 11, 24);
    protected static readonly byte[] Alice = [.. Enumerable.Repeat((byte)0xa1, 32)];
    protected static readonly byte[] Bob = [.. Enumerable.Repeat((byte)0xb0, 32)];
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract IDeadDropStore Store { get; }

    protected static IReadOnlyList<DeadDropEntry> NewSlots(int shards = 1) =>
        [.. Enumerable.Range(0, 8).Select(n => new DeadDropEntry(n % shards, RandomNumberGenerator.GetBytes(SlotSizeInBytes)))];

    protected static IReadOnlyList<ReadOnlyMemory<byte>> NewCopies() =>
        [.. Enumerable.Range(0, 8).Select(_ => (ReadOnlyMemory<byte>)RandomNumberGenerator.GetBytes(12_965))];

    [Fact]
    public async Task BeginDay_Again_KeepsItsWidth()
    {
        Assert.Equal(2, await Store.BeginDayAsync(Day, 2, None));
        Assert.Equal(2, await Store.BeginDayAsync(Day, 5, None));
        var day = Assert.Single(await Store.ListAsync(None));
        Assert.Equal((Day, 2, false), (day.Day, day.ShardBits, day.IsPublished));
        Assert.Equal([0, 0, 0, 0], day.SizesInBytes);
    }

    [Fact]
    public async Task StoreBatch_DayNotBegun_DayClosed() =>
        Assert.Equal(BatchOutcome.DayClosed, await Store.StoreBatchAsync(Day, Alice, NewSlots(), NewCopies(), None));

    [Fact]
    public async Task StoreBatch_TwoReviewers_SlotsInOrderOfTheirChance()
    {
        await Store.BeginDayAsync(Day, 1, None);
        var (alices, bobs) = (NewSlots(2), NewSlots(2));
        Assert.Equal(BatchOutcome.Stored, await Store.StoreBatchAsync(Day, Alice, alices, NewCopies(), None));
        Assert.Equal(BatchOutcome.Stored, await Store.StoreBatchAsync(Day, Bob, bobs, NewCopies(), None));
        foreach (var shard in new[] { 0, 1 })
        {
            var expected = alices.Concat(bobs).Where(entry => entry.Shard == shard).Select(entry => Convert.ToHexString(entry.Slot.Span)).Order();
            Assert.Equal(expected, await ReadAllAsync(shard));
        }
        Assert.Equal([8L * SlotSizeInBytes, 8L * SlotSizeInBytes], Assert.Single(await Store.ListAsync(None)).SizesInBytes);
    }

    [Fact]
    public async Task StoreBatch_Again_ReplacesItsOwnersAndNoOther()
    {
        await Store.BeginDayAsync(Day, 0, None);
        var (bobs, second, secondCopies) = (NewSlots(), NewSlots(), NewCopies());
        await Store.StoreBatchAsync(Day, Alice, NewSlots(), NewCopies(), None);
        await Store.StoreBatchAsync(Day, Bob, bobs, NewCopies(), None);
        Assert.Equal(BatchOutcome.Replaced, await Store.StoreBatchAsync(Day, Alice, second, secondCopies, None));
        Assert.Equal(second.Concat(bobs).Select(entry => Convert.ToHexString(entry.Slot.Span)).Order(), await ReadAllAsync(0));
        Assert.Equal(16, (await Store.CountCopiesAsync(None))[Day]);
        var copies = (await Store.ReadCopiesAsync(Day, null, 100, None)).Select(copy => Convert.ToHexString(copy.SealedBytes.Span)).ToHashSet();
        Assert.All(secondCopies, copy => Assert.Contains(Convert.ToHexString(copy.Span), copies));
    }

    [Fact]
    public async Task StoreBatch_ByteForByte_AlreadyThereAndCopiesKeepTheirIds()
    {
        await Store.BeginDayAsync(Day, 0, None);
        var (slots, copies) = (NewSlots(), NewCopies());
        await Store.StoreBatchAsync(Day, Alice, slots, copies, None);
        var before = (await Store.ReadCopiesAsync(Day, null, 100, None)).Select(copy => copy.Id);
        Assert.Equal(BatchOutcome.AlreadyThere, await Store.StoreBatchAsync(Day, Alice, slots, copies, None));
        Assert.Equal(before, (await Store.ReadCopiesAsync(Day, null, 100, None)).Select(copy => copy.Id));
    }

    [Fact]
    public async Task StoreBatch_ShardBeyondWidth_RefusedWhole()
    {
        await Store.BeginDayAsync(Day, 1, None);
        Assert.Equal(BatchOutcome.ShardBeyondWidth, await Store.StoreBatchAsync(Day, Alice, NewSlots(3), NewCopies(), None));
        Assert.Equal([0, 0], Assert.Single(await Store.ListAsync(None)).SizesInBytes);
    }

    [Fact]
    public async Task StoreBatch_SlotOfSomebodyElse_ConflictAndTheOwnOneBeforeStays()
    {
        await Store.BeginDayAsync(Day, 0, None);
        var (alices, bobs) = (NewSlots(), NewSlots());
        await Store.StoreBatchAsync(Day, Alice, alices, NewCopies(), None);
        await Store.StoreBatchAsync(Day, Bob, bobs, NewCopies(), None);
        Assert.Equal(BatchOutcome.Conflict, await Store.StoreBatchAsync(Day, Bob, [.. NewSlots().Take(7), alices[0]], NewCopies(), None));
        Assert.Equal(alices.Concat(bobs).Select(entry => Convert.ToHexString(entry.Slot.Span)).Order(), await ReadAllAsync(0));
    }

    [Fact]
    public async Task Publish_KeepsSlotsAndCopiesAndTakesNothingMore()
    {
        await Store.BeginDayAsync(Day, 0, None);
        var (slots, copies) = (NewSlots(), NewCopies());
        await Store.StoreBatchAsync(Day, Alice, slots, copies, None);
        var before = await Store.ReadCopiesAsync(Day, null, 100, None);
        await Store.PublishAsync(Day, None);
        await Store.PublishAsync(Day, None);
        Assert.True(Assert.Single(await Store.ListAsync(None)).IsPublished);
        Assert.Equal(slots.Select(entry => Convert.ToHexString(entry.Slot.Span)).Order(), await ReadAllAsync(0));
        Assert.Equal(before.Select(copy => copy.Id), (await Store.ReadCopiesAsync(Day, null, 100, None)).Select(copy => copy.Id));
        Assert.Equal(8, (await Store.CountCopiesAsync(None))[Day]);
        Assert.Equal(BatchOutcome.DayClosed, await Store.StoreBatchAsync(Day, Alice, NewSlots(), NewCopies(), None));
        Assert.Equal(BatchOutcome.DayClosed, await Store.StoreBatchAsync(Day, Bob, NewSlots(), NewCopies(), None));
    }

    [Fact]
    public async Task Copies_OfABatch_StandInAnOrderOfTheirOwn()
    {
        await Store.BeginDayAsync(Day, 0, None);
        // 16 batches: that the order of slots and of copies agree in all of them by chance has odds of 8!^16.
        var pairedEverywhere = true;
        for (var n = 0; n < 16; n++)
        {
            var day = Day.AddDays(n);
            await Store.BeginDayAsync(day, 0, None);
            var (slots, copies) = (NewSlots(), NewCopies());
            await Store.StoreBatchAsync(day, Alice, slots, copies, None);
            await Store.PublishAsync(day, None);
            var bySlot = slots.Select((entry, index) => (Hex: Convert.ToHexString(entry.Slot.Span), index)).OrderBy(entry => entry.Hex).Select(entry => copies[entry.index].ToArray());
            var stored = (await Store.ReadCopiesAsync(day, null, 100, None)).Select(copy => copy.SealedBytes.ToArray());
            pairedEverywhere &= bySlot.SelectMany(copy => copy).SequenceEqual(stored.SelectMany(copy => copy));
        }
        Assert.False(pairedEverywhere);
    }

    [Fact]
    public async Task Copies_TakenUpAgain_GivesTheRestOnce()
    {
        await Store.BeginDayAsync(Day, 0, None);
        await Store.StoreBatchAsync(Day, Alice, NewSlots(), NewCopies(), None);
        await Store.PublishAsync(Day, None);
        var all = (await Store.ReadCopiesAsync(Day, null, 100, None)).Select(copy => copy.Id).ToList();
        Assert.Equal(all.Order(), all);
        Assert.Equal(all.Skip(3).Take(2), (await Store.ReadCopiesAsync(Day, all[2], 2, None)).Select(copy => copy.Id));
    }

    [Fact]
    public async Task End_DeadDropAndCopies_EndEachOnItsOwn()
    {
        await Store.BeginDayAsync(Day, 0, None);
        await Store.StoreBatchAsync(Day, Alice, NewSlots(), NewCopies(), None);
        await Store.PublishAsync(Day, None);
        await Store.EndDeadDropAsync(Day, None);
        Assert.Empty(await Store.ListAsync(None));
        Assert.Empty(await Store.ReadSlotsAsync(Day, 0, null, 10, None));
        Assert.Equal(8, (await Store.CountCopiesAsync(None))[Day]);
        await Store.EndCopiesAsync(Day, None);
        Assert.Empty(await Store.CountCopiesAsync(None));
    }

    [Fact]
    public async Task StoreBatch_BytesChangedOnceTheCallReturned_KeepsWhatItWasGiven()
    {
        await Store.BeginDayAsync(Day, 0, None);
        var (slots, copies) = (NewSlots(), NewCopies());
        byte[][] lentSlots = [.. slots.Select(entry => entry.Slot.ToArray())], lentCopies = [.. copies.Select(copy => copy.ToArray())];
        await Store.StoreBatchAsync(Day, Alice, [.. lentSlots.Select(slot => new DeadDropEntry(0, slot))], [.. lentCopies.Select(copy => (ReadOnlyMemory<byte>)copy)], None);
        Array.ForEach([.. lentSlots, .. lentCopies], lent => lent.AsSpan().Clear());
        Assert.Equal(slots.Select(entry => Convert.ToHexString(entry.Slot.Span)).Order(), await ReadAllAsync(0));
        Assert.Equal(copies.Select(copy => Convert.ToHexString(copy.Span)).Order(),
            (await Store.ReadCopiesAsync(Day, null, 100, None)).Select(copy => Convert.ToHexString(copy.SealedBytes.Span)).Order());
    }

    [Fact]
    public async Task StoreBatch_ManyOfOneOwnerAtOnce_OneStandsWhole()
    {
        await Store.BeginDayAsync(Day, 0, None);
        var batches = Enumerable.Range(0, 6).Select(_ => (Slots: NewSlots(), Copies: NewCopies())).ToList();
        var outcomes = await Task.WhenAll(batches.Select(batch => Task.Run(() => Store.StoreBatchAsync(Day, Alice, batch.Slots, batch.Copies, None))));
        Assert.Single(outcomes, BatchOutcome.Stored);
        Assert.Equal(5, outcomes.Count(outcome => outcome == BatchOutcome.Replaced));
        var slots = await ReadAllAsync(0);
        var copies = (await Store.ReadCopiesAsync(Day, null, 100, None)).Select(copy => Convert.ToHexString(copy.SealedBytes.Span)).Order();
        var standing = Assert.Single(batches, batch => batch.Slots.Select(entry => Convert.ToHexString(entry.Slot.Span)).Order().SequenceEqual(slots));
        Assert.Equal(standing.Copies.Select(copy => Convert.ToHexString(copy.Span)).Order(), copies);
    }

    [Fact]
    public async Task Publish_SeveralAtOnceWhileBatchesCome_AllFindTheSameAndEachBatchIsInItWholeOrRefused()
    {
        await Store.BeginDayAsync(Day, 0, None);
        var first = NewSlots();
        await Store.StoreBatchAsync(Day, Alice, first, NewCopies(), None);
        var batches = Enumerable.Range(0, 8).Select(n => (Owner: (byte[])[.. Enumerable.Repeat((byte)n, 32)], Slots: NewSlots(), Copies: NewCopies())).ToList();
        var replaced = (Owner: Alice, Slots: NewSlots(), Copies: NewCopies());
        var running = batches.Append(replaced).Select(batch => Task.Run(() => Store.StoreBatchAsync(Day, batch.Owner, batch.Slots, batch.Copies, None))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Store.PublishAsync(Day, None))));
        var outcomes = await Task.WhenAll(running);
        var slots = await ReadAllAsync(0);
        var day = Assert.Single(await Store.ListAsync(None));
        Assert.True(day.IsPublished);
        Assert.Equal([slots.Count * (long)SlotSizeInBytes], day.SizesInBytes);
        Assert.Equal(slots.Count, (await Store.CountCopiesAsync(None))[Day]);
        Assert.Equal(slots.Count, (await Store.ReadCopiesAsync(Day, null, 1000, None)).Count);
        var there = slots.ToHashSet();
        bool IsThere(IReadOnlyList<DeadDropEntry> entries)
        {
            var count = entries.Count(entry => there.Contains(Convert.ToHexString(entry.Slot.Span)));
            Assert.True(count == 0 || count == entries.Count, "half a batch was published");
            return count > 0;
        }
        for (var n = 0; n < batches.Count; n++)
            Assert.True(outcomes[n] == BatchOutcome.Stored ? IsThere(batches[n].Slots) : outcomes[n] == BatchOutcome.DayClosed, $"{outcomes[n]}");
        // Alice's: one of the two, whatever she was told of the second.
        Assert.True(IsThere(first) ^ IsThere(replaced.Slots));
        if (outcomes[^1] == BatchOutcome.Replaced)
            Assert.True(IsThere(replaced.Slots));
    }

    private async Task<IReadOnlyList<string>> ReadAllAsync(int shard)
    {
        var read = new List<string>();
        ReadOnlyMemory<byte>? after = null;
        while (await Store.ReadSlotsAsync(Day, shard, after, 3, None) is { Count: > 0 } slots)
        {
            read.AddRange(slots.Select(slot => Convert.ToHexString(slot.Span)));
            after = slots[^1][..DeadDropEntry.OrderSizeInBytes];
        }
        return read;
    }
}
