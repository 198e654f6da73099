using Microsoft.Extensions.Time.Testing;
using SecureDrop.Server.Days;
using SecureDrop.Server.Load;
using SecureDrop.Server.Options;
using SecureDrop.Server.Storage;
using SecureDrop.Tests.Server.Storage.Sqlite;
using Xunit;

namespace SecureDrop.Tests.Server.Load;

public sealed class RoomTests : IAsyncDisposable
{
    private const long Mebibyte = 1 << 20;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly LimitOptions Limits = new() { DayInMebibytes = 80, UncommittedInMebibytes = 20, NearlyFullInMebibytes = 1 };

    private readonly FakeTimeProvider _time = new(RunningDrop.Start);
    private readonly SqliteStores _stores = new();
    private readonly LengthStore _store = new();
    private readonly StoredId _id = StoredId.FromBytes(new byte[16]);

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Quota_FillingUp_AttachmentsStopAtSevenEighthsTextsAtTheEnd()
    {
        using var room = NewRoom();
        Assert.Null(await room.RefuseTextAsync(Today, None));
        room.Stored(Today, 70 * Mebibyte - 1, isPart: false);
        Assert.Null(await room.RefusePartAsync(Today, _id, None));
        room.Stored(Today, 1, isPart: false);
        Assert.NotNull(await room.RefusePartAsync(Today, _id, None));
        Assert.Equal(7.0 / 8, room.Share);
        room.Stored(Today, 10 * Mebibyte - 1, isPart: false);
        Assert.Null(await room.RefuseTextAsync(Today, None));
        room.Stored(Today, 1, isPart: false);
        Assert.NotNull(await room.RefuseTextAsync(Today, None));
        Assert.Equal(1, room.Share);
        // An upload belongs to the day of its ticket, and tomorrow is another.
        Assert.Null(await room.RefuseTextAsync(Today.AddDays(-1), None));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await room.RefuseTextAsync(Today, None));
    }

    [Fact]
    public async Task Uncommitted_HalfTaken_WhatHasBegunGoesOnUntilAllIs()
    {
        using var room = NewRoom();
        await room.MeasureAsync(None);
        room.Stored(Today, 10 * Mebibyte, isPart: true);
        Assert.NotNull(await room.RefusePartAsync(Today, _id, None));
        await _store.StorePartAsync(Today, _id, 1, new byte[1], None);
        Assert.Null(await room.RefusePartAsync(Today, _id, None));
        room.Stored(Today, 10 * Mebibyte, isPart: true);
        Assert.NotNull(await room.RefusePartAsync(Today, _id, None));
        Assert.Null(await room.RefuseTextAsync(Today, None));
        room.Committed(11 * Mebibyte);
        Assert.Null(await room.RefusePartAsync(Today, _id, None));
    }

    [Fact]
    public async Task Disk_NearItsFloor_AttachmentsStopFirst()
    {
        using var room = NewRoom();
        _store.Use = new StoreUse(0, 0, Mebibyte / 8);
        Assert.NotNull(await room.RefusePartAsync(Today, _id, None));
        Assert.Null(await room.RefuseTextAsync(Today, None));
        Assert.Equal(7.0 / 8, room.Share);
        room.Stored(Today, Mebibyte / 8, isPart: false);
        Assert.NotNull(await room.RefuseTextAsync(Today, None));
    }

    [Fact]
    public async Task Measure_FilledByAnotherServer_SeenWithinAMinute()
    {
        using var room = NewRoom();
        Assert.Null(await room.RefuseTextAsync(Today, None));
        _store.Use = new StoreUse(80 * Mebibyte, 0, long.MaxValue);
        Assert.Null(await room.RefuseTextAsync(Today, None));
        _time.Advance(Room.MeasuredEvery);
        Assert.NotNull(await room.RefuseTextAsync(Today, None));
    }

    [Fact]
    public async Task Quota_Blurred_IsLessByChanceAndNeverMore()
    {
        using var room = NewRoom(chance: 1);
        Assert.Null(await room.RefuseTextAsync(Today, None));
        room.Stored(Today, 80 * Mebibyte * 63 / 64, isPart: false);
        Assert.NotNull(await room.RefuseTextAsync(Today, None));
    }

    private Room NewRoom(double chance = 0) => new(Limits, _store, new DayKeyRing(_stores.State, _time), _time, () => chance);
}
