using System.Security.Cryptography;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Contracts;

/// <summary>What every report store does. A store's own test class derives from this one and gives an empty store to each test.</summary>
public abstract class ReportStoreContract
{
    protected static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract IReportStore Store { get; }

    protected static StoredId NewId() => StoredId.FromBytes(RandomNumberGenerator.GetBytes(StoredId.SizeInBytes));

    private async Task<(long Day, long Uncommitted)> UseAsync()
    {
        var use = await Store.MeasureAsync(Day, None);
        return (use.DayInBytes, use.UncommittedInBytes);
    }

    protected static byte[] Bytes(int size = 70_293) => RandomNumberGenerator.GetBytes(size);

    [Fact]
    public async Task StoreText_New_StoredListedAndFound()
    {
        var (id, bytes) = (NewId(), Bytes());
        Assert.Equal(StoreOutcome.Stored, await Store.StoreTextAsync(Day, id, bytes, None));
        Assert.Equal(new StoredReport(Day, id, bytes.Length, 0), Assert.Single(await Store.ListReportsAsync(Day, null, 10, None)));
        Assert.Equal(new StoredReport(Day, id, bytes.Length, 0), await Store.FindAsync(id, None));
        Assert.Equal(new StoredDay(Day, 1, bytes.Length), Assert.Single(await Store.ListDaysAsync(None)));
        Assert.Equal([0], await Store.ListPartsAsync(Day, id, None));
        Assert.Equal(bytes, (await Store.ReadPartAsync(Day, id, 0, None))!.Value.ToArray());
    }

    [Fact]
    public async Task Measure_TextsPartsAndACommit_BytesOfTheDayAndWhatIsUncommitted()
    {
        Assert.Equal((0, 0), await UseAsync());
        var (text, large, open) = (Bytes(), NewId(), NewId());
        await Store.StoreTextAsync(Day, NewId(), text, None);
        await Store.StorePartAsync(Day, large, 0, Bytes(IReportStore.PartSizeInBytes), None);
        await Store.StorePartAsync(Day, large, 1, Bytes(10), None);
        await Store.StorePartAsync(Day, open, 7, Bytes(5), None);
        await Store.StorePartAsync(Day.AddDays(1), open, 7, Bytes(6), None);
        Assert.Equal((text.Length + IReportStore.PartSizeInBytes + 15, IReportStore.PartSizeInBytes + 15), await UseAsync());
        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(Day, large, 2, IReportStore.PartSizeInBytes + 10, None));
        Assert.Equal((text.Length + IReportStore.PartSizeInBytes + 15, 5), await UseAsync());
        await Store.CompleteDayAsync(Day, None);
        Assert.Equal((text.Length + IReportStore.PartSizeInBytes + 10, 0), await UseAsync());
        Assert.True((await Store.MeasureAsync(Day, None)).FreeInBytes > 0);
    }

    [Fact]
    public async Task BeginDay_AnyNumberOfTimes_IsOpenAndNotListedAndNeverOpensACompleteOne()
    {
        await Store.BeginDayAsync(Day, None);
        await Store.BeginDayAsync(Day, None);
        Assert.Equal([Day], await Store.ListOpenDaysAsync(None));
        Assert.Empty(await Store.ListDaysAsync(None));
        await Store.StoreTextAsync(Day, NewId(), Bytes(), None);
        await Store.CompleteDayAsync(Day, None);
        await Store.BeginDayAsync(Day, None);
        Assert.Empty(await Store.ListOpenDaysAsync(None));
        Assert.Equal(StoreOutcome.DayClosed, await Store.StoreTextAsync(Day, NewId(), Bytes(), None));
        Assert.Equal(1, Assert.Single(await Store.ListDaysAsync(None)).Reports);
    }

    [Fact]
    public async Task ListReports_TakenUpAgainAfterAnId_GivesTheRestOnce()
    {
        var ids = Enumerable.Range(0, 25).Select(_ => NewId()).ToList();
        foreach (var id in ids)
        {
            await Store.StorePartAsync(Day, id, 0, Bytes(9), None);
            Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(Day, id, 1, 9, None));
        }
        await Store.StorePartAsync(Day, NewId(), 0, Bytes(9), None);
        await Store.StoreTextAsync(Day.AddDays(1), NewId(), Bytes(9), None);
        var read = new List<StoredReport>();
        while (await Store.ListReportsAsync(Day, read.Count == 0 ? null : read[^1].Id, 7, None) is { Count: > 0 } more)
            read.AddRange(more);
        Assert.Equal(ids.Order().Select(id => new StoredReport(Day, id, 9, 1)), read);
    }

    [Fact]
    public async Task CompleteDay_WhilePartsRun_NothingUncommittedIsLeft()
    {
        var committed = NewId();
        await Store.StorePartAsync(Day, committed, 0, Bytes(100), None);
        await Store.CommitAsync(Day, committed, 1, 100, None);
        var parts = Enumerable.Range(0, 60).Select(_ => NewId()).ToList();
        var running = parts.Select(id => Task.Run(() => Store.StorePartAsync(Day, id, 0, Bytes(2000), None))).ToList();
        await Store.CompleteDayAsync(Day, None);
        Assert.All(await Task.WhenAll(running), outcome => Assert.True(outcome is StoreOutcome.Stored or StoreOutcome.DayClosed));
        foreach (var id in parts)
            Assert.Empty(await Store.ListPartsAsync(Day, id, None));
        var use = await Store.MeasureAsync(Day, None);
        Assert.Equal((100, 0), (use.DayInBytes, use.UncommittedInBytes));
        Assert.Equal([0], await Store.ListPartsAsync(Day, committed, None));
    }

    [Fact]
    public async Task StoreText_Again_SameBytesAlreadyThereOtherBytesConflict()
    {
        var (id, bytes) = (NewId(), Bytes());
        await Store.StoreTextAsync(Day, id, bytes, None);
        Assert.Equal(StoreOutcome.AlreadyThere, await Store.StoreTextAsync(Day, id, bytes.ToArray(), None));
        Assert.Equal(StoreOutcome.Conflict, await Store.StoreTextAsync(Day, id, Bytes(), None));
        Assert.Equal(StoreOutcome.Conflict, await Store.StoreTextAsync(Day, id, Bytes(bytes.Length + 1557), None));
        Assert.Equal(bytes, Assert.Single(await Store.ReadTextsAsync(Day, null, 10, None)).SealedBytes.ToArray());
    }

    [Fact]
    public async Task StoreText_ManyAtOnceUnderOneId_ExactlyOneIsStored()
    {
        var id = NewId();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Store.StoreTextAsync(Day, id, Bytes(), None))));
        Assert.Single(outcomes, StoreOutcome.Stored);
        Assert.Equal(11, outcomes.Count(outcome => outcome == StoreOutcome.Conflict));
        Assert.Single(await Store.ListReportsAsync(Day, null, 10, None));
    }

    [Fact]
    public async Task StoreText_ManyOfTwoLengths_EachReadsBackInOrderOfId()
    {
        var texts = Enumerable.Range(0, 120).ToDictionary(_ => NewId(), n => Bytes(n % 3 == 0 ? 5_000 : 6_557));
        await Task.WhenAll(texts.Select(text => Store.StoreTextAsync(Day, text.Key, text.Value, None)));
        var read = await Store.ReadTextsAsync(Day, null, 1000, None);
        Assert.Equal(texts.Keys.Order(), read.Select(text => text.Id));
        Assert.All(read, text => Assert.Equal(texts[text.Id], text.SealedBytes.ToArray()));
    }

    [Fact]
    public async Task ReadTexts_TakenUpAgainAfterAnId_GivesTheRestOnce()
    {
        var ids = Enumerable.Range(0, 25).Select(_ => NewId()).ToList();
        foreach (var id in ids)
            await Store.StoreTextAsync(Day, id, Bytes(100), None);
        var read = new List<StoredId>();
        while (await Store.ReadTextsAsync(Day, read.Count == 0 ? null : read[^1], 7, None) is { Count: > 0 } more)
        {
            Assert.True(more.Count <= 7);
            read.AddRange(more.Select(text => text.Id));
        }
        Assert.Equal(ids.Order(), read);
        Assert.Equal(ids.Order().Skip(10), (await Store.ListReportsAsync(Day, ids.Order().ElementAt(9), 100, None)).Select(report => report.Id));
    }

    [Fact]
    public async Task StorePart_Again_SameBytesAlreadyThereOtherBytesConflict()
    {
        var (id, bytes) = (NewId(), Bytes());
        Assert.Equal(StoreOutcome.Stored, await Store.StorePartAsync(Day, id, 3, bytes, None));
        Assert.Equal(StoreOutcome.AlreadyThere, await Store.StorePartAsync(Day, id, 3, bytes.ToArray(), None));
        Assert.Equal(StoreOutcome.Conflict, await Store.StorePartAsync(Day, id, 3, Bytes(), None));
        Assert.Equal(bytes, (await Store.ReadPartAsync(Day, id, 3, None))!.Value.ToArray());
        Assert.Equal([3], await Store.ListPartsAsync(Day, id, None));
    }

    [Fact]
    public async Task StorePart_ManyAtOnce_ExactlyOneIsStored()
    {
        var id = NewId();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Store.StorePartAsync(Day, id, 0, Bytes(), None))));
        Assert.Single(outcomes, StoreOutcome.Stored);
    }

    [Fact]
    public async Task Store_TextAndPartsUnderOneId_SecondKindConflicts()
    {
        var (text, large) = (NewId(), NewId());
        await Store.StoreTextAsync(Day, text, Bytes(), None);
        await Store.StorePartAsync(Day, large, 1, Bytes(), None);
        Assert.Equal(StoreOutcome.Conflict, await Store.StorePartAsync(Day, text, 1, Bytes(), None));
        Assert.Equal(StoreOutcome.Conflict, await Store.StoreTextAsync(Day, large, Bytes(), None));
    }

    [Fact]
    public async Task Commit_AllPartsInAnyOrder_ReportExistsFromThenOn()
    {
        var id = NewId();
        var parts = Parts();
        var size = parts.Sum(part => (long)part.Length);
        await Store.StorePartAsync(Day, id, 2, parts[2], None);
        await Store.StorePartAsync(Day, id, 0, parts[0], None);
        Assert.Equal(CommitOutcome.Incomplete, await Store.CommitAsync(Day, id, 3, size, None));
        await Store.StorePartAsync(Day, id, 1, parts[1], None);
        Assert.Null(await Store.FindAsync(id, None));
        Assert.Empty(await Store.ListReportsAsync(Day, null, 10, None));
        Assert.Empty(await Store.ListDaysAsync(None));

        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(Day, id, 3, size, None));
        Assert.Equal(CommitOutcome.AlreadyThere, await Store.CommitAsync(Day, id, 3, size, None));
        Assert.Equal(new StoredReport(Day, id, size, 3), await Store.FindAsync(id, None));
        Assert.Empty(await Store.ReadTextsAsync(Day, null, 10, None));
        Assert.Equal([0, 1, 2], await Store.ListPartsAsync(Day, id, None));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    [InlineData(3, 1)]
    [InlineData(3, -1)]
    [InlineData(0, 0)]
    public async Task Commit_NumbersThatDoNotAddUp_Incomplete(int parts, int bytesMore)
    {
        var id = NewId();
        var stored = Parts();
        for (var n = 0; n < stored.Length; n++)
            await Store.StorePartAsync(Day, id, n, stored[n], None);
        Assert.Equal(CommitOutcome.Incomplete, await Store.CommitAsync(Day, id, parts, stored.Sum(part => (long)part.Length) + bytesMore, None));
        Assert.Empty(await Store.ListReportsAsync(Day, null, 10, None));
    }

    [Fact]
    public async Task Commit_ShortPartBeforeTheLast_Incomplete()
    {
        var id = NewId();
        await Store.StorePartAsync(Day, id, 0, Bytes(IReportStore.PartSizeInBytes - 1), None);
        await Store.StorePartAsync(Day, id, 1, Bytes(2), None);
        Assert.Equal(CommitOutcome.Incomplete, await Store.CommitAsync(Day, id, 2, IReportStore.PartSizeInBytes + 1, None));
    }

    [Fact]
    public async Task Commit_OtherNumbersAfterIt_Conflict()
    {
        var id = NewId();
        await Store.StorePartAsync(Day, id, 0, Bytes(10), None);
        await Store.CommitAsync(Day, id, 1, 10, None);
        Assert.Equal(CommitOutcome.Conflict, await Store.CommitAsync(Day, id, 1, 11, None));
        Assert.Equal(StoreOutcome.Conflict, await Store.StorePartAsync(Day, id, 1, Bytes(10), None));
        Assert.Equal([0], await Store.ListPartsAsync(Day, id, None));
    }

    [Fact]
    public async Task CompleteDay_KeepsWhatIsCommittedAndTakesNothingMore()
    {
        var (text, large, loose) = (NewId(), NewId(), NewId());
        var (textBytes, parts) = (Bytes(), Parts());
        await Store.StoreTextAsync(Day, text, textBytes, None);
        for (var n = 0; n < parts.Length; n++)
            await Store.StorePartAsync(Day, large, n, parts[n], None);
        await Store.CommitAsync(Day, large, 3, parts.Sum(part => (long)part.Length), None);
        await Store.StorePartAsync(Day, loose, 0, Bytes(), None);
        Assert.Equal([Day], await Store.ListOpenDaysAsync(None));

        await Store.CompleteDayAsync(Day, None);
        await Store.CompleteDayAsync(Day, None);

        Assert.Empty(await Store.ListOpenDaysAsync(None));
        Assert.Equal(textBytes, Assert.Single(await Store.ReadTextsAsync(Day, null, 10, None)).SealedBytes.ToArray());
        for (var n = 0; n < parts.Length; n++)
            Assert.Equal(parts[n], (await Store.ReadPartAsync(Day, large, n, None))!.Value.ToArray());
        Assert.Null(await Store.ReadPartAsync(Day, loose, 0, None));
        Assert.Equal(2, Assert.Single(await Store.ListDaysAsync(None)).Reports);
        Assert.Equal(StoreOutcome.DayClosed, await Store.StoreTextAsync(Day, NewId(), Bytes(), None));
        Assert.Equal(StoreOutcome.DayClosed, await Store.StorePartAsync(Day, loose, 0, Bytes(), None));
        Assert.Equal(CommitOutcome.DayClosed, await Store.CommitAsync(Day, loose, 1, 1, None));
    }

    [Fact]
    public async Task CompleteDay_WhileUploadsRun_EachIsKeptOrRefused()
    {
        var uploads = Enumerable.Range(0, 60).Select(_ => (Id: NewId(), Bytes: Bytes(2000))).ToList();
        await Store.StoreTextAsync(Day, NewId(), Bytes(2000), None);
        var running = uploads.Select(upload => Task.Run(() => Store.StoreTextAsync(Day, upload.Id, upload.Bytes, None))).ToList();
        await Store.CompleteDayAsync(Day, None);
        var outcomes = await Task.WhenAll(running);
        var kept = (await Store.ReadTextsAsync(Day, null, 100, None)).Select(text => text.Id).ToHashSet();
        for (var n = 0; n < uploads.Count; n++)
            Assert.Equal(outcomes[n] == StoreOutcome.Stored, kept.Contains(uploads[n].Id));
        Assert.All(outcomes, outcome => Assert.True(outcome is StoreOutcome.Stored or StoreOutcome.DayClosed));
    }

    [Fact]
    public async Task EndDay_TakesThatDayAndNoOther()
    {
        var (gone, stays) = (NewId(), NewId());
        await Store.StoreTextAsync(Day, gone, Bytes(), None);
        await Store.StoreTextAsync(Day.AddDays(1), stays, Bytes(), None);
        await Store.EndDayAsync(Day, None);
        await Store.EndDayAsync(Day, None);
        Assert.Null(await Store.FindAsync(gone, None));
        Assert.Empty(await Store.ReadTextsAsync(Day, null, 10, None));
        Assert.NotNull(await Store.FindAsync(stays, None));
        Assert.Equal(Day.AddDays(1), Assert.Single(await Store.ListDaysAsync(None)).Day);
    }

    [Fact]
    public async Task Read_UnknownDayOrId_Nothing()
    {
        Assert.Empty(await Store.ListDaysAsync(None));
        Assert.Empty(await Store.ListReportsAsync(Day, null, 10, None));
        Assert.Empty(await Store.ListPartsAsync(Day, NewId(), None));
        Assert.Null(await Store.ReadPartAsync(Day, NewId(), 0, None));
        Assert.Null(await Store.FindAsync(NewId(), None));
    }

    private static byte[][] Parts() => [Bytes(IReportStore.PartSizeInBytes), Bytes(IReportStore.PartSizeInBytes), Bytes(12_345)];

    [Fact]
    public async Task ReadPartInto_PartTextAndUnknown_SameAsReadPart()
    {
        var (large, text, part, body) = (NewId(), NewId(), Bytes(IReportStore.PartSizeInBytes), Bytes());
        await Store.StorePartAsync(Day, large, 0, part, None);
        await Store.StorePartAsync(Day, large, 1, part.AsMemory(0, 7), None);
        await Store.StoreTextAsync(Day, text, body, None);
        // What is left in the buffer from the part before must not be taken for more of this one.
        var buffer = new byte[IReportStore.PartSizeInBytes + 9];
        Assert.Equal(part.Length, await Store.ReadPartIntoAsync(Day, large, 0, buffer, None));
        Assert.Equal(part, buffer.AsSpan(0, part.Length));
        Assert.Equal(7, await Store.ReadPartIntoAsync(Day, large, 1, buffer, None));
        Assert.Equal(body.Length, await Store.ReadPartIntoAsync(Day, text, 0, buffer, None));
        Assert.Equal(body, buffer.AsSpan(0, body.Length));
        Assert.Null(await Store.ReadPartIntoAsync(Day, large, 2, buffer, None));
        Assert.Null(await Store.ReadPartIntoAsync(Day, text, 1, buffer, None));
        Assert.Null(await Store.ReadPartIntoAsync(Day, NewId(), 0, buffer, None));
    }

    [Fact]
    public async Task Store_BytesChangedOnceTheCallReturned_KeepsWhatItWasGiven()
    {
        var (large, text, bytes) = (NewId(), NewId(), Bytes());
        var lent = bytes.ToArray();
        await Store.StorePartAsync(Day, large, 0, lent, None);
        await Store.StoreTextAsync(Day, text, lent, None);
        lent.AsSpan().Clear();
        Assert.Equal(bytes, (await Store.ReadPartAsync(Day, large, 0, None))!.Value.ToArray());
        Assert.Equal(bytes, (await Store.ReadPartAsync(Day, text, 0, None))!.Value.ToArray());
    }

    [Fact]
    public async Task StorePart_ManyOfThemCancelled_NeverReadsBytesAfterItReturned()
    {
        // Whoever was told "cancelled" lends the same array to another upload at once: a store that still read it would mix the two.
        var parts = Enumerable.Range(0, 60).ToDictionary(_ => NewId(), _ => Bytes(200_000));
        await Task.WhenAll(parts.Select((part, n) => Task.Run(async () =>
        {
            var lent = part.Value.ToArray();
            using var cancel = new CancellationTokenSource();
            try
            {
                var storing = Store.StorePartAsync(Day, part.Key, 0, lent, cancel.Token);
                if (n % 2 == 0)
                    await cancel.CancelAsync();
                await storing;
            }
            catch (OperationCanceledException)
            {
                // Then nothing was stored, or all of it.
            }
            lent.AsSpan().Fill(0xEE);
        })));
        foreach (var (part, n) in parts.Select((part, n) => (part, n)))
        {
            var kept = await Store.ReadPartAsync(Day, part.Key, 0, None);
            Assert.True(n % 2 == 0 ? kept is null || kept.Value.Span.SequenceEqual(part.Value) : kept!.Value.Span.SequenceEqual(part.Value));
        }
    }
}
