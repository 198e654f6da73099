using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using SecureDrop.Crypto.Replies;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>A drop with a complete day (texts, a larger report, a part that nobody committed, two batches), and with texts of days that still run.</summary>
internal sealed class BackedUpDrop : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    private BackedUpDrop(RunningDrop drop) => Drop = drop;

    public RunningDrop Drop { get; }

    public ServerOptions Options => new() { Drop = new() { DataDirectory = Drop.DataFolder, FreeSpaceFloorInMebibytes = 1 } };

    public DateOnly Day { get; private init; }

    public List<byte[]> Texts { get; } = [];

    public byte[] Large { get; } = SealedBytes.Large();

    public List<byte[]> Slots { get; } = [];

    public List<byte[]> Copies { get; } = [];

    /// <summary>What must be in no backup: a part without its commit, texts of running days, day keys, whose batches were whose.</summary>
    public List<byte[]> Never { get; } = [];

    public ServerLog Log { get; } = new(TextWriter.Null);

    /// <summary>Where a test may write; gone with this.</summary>
    public string Path(string name) => _folder.File(name);

    public static async Task<BackedUpDrop> StartAsync()
    {
        var drop = await RunningDrop.SetUpAsync(shardBits: 2);
        var made = new BackedUpDrop(drop) { Day = drop.Today };
        for (var n = 0; n < 3; n++)
            made.Texts.Add(await made.TellAsync());
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(made.Large));
        var loose = UploadClient.Cut(SealedBytes.Large())[0];
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutPartAsync(0, loose));
        foreach (var (reviewer, shard) in new[] { (drop.DropKeys.Alice, (ushort)1), (drop.DropKeys.Bob, (ushort)3) })
        {
            using var client = await drop.LoggedInAsync(reviewer);
            var entries = Batches.New(shard);
            using var batch = new ByteArrayContent(DeadDropBatch.Write(entries));
            batch.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var answer = await client.PostAsync("/api/v1/dead-drop", batch);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            made.Slots.AddRange(entries.Select(entry => entry.Slot.ToArray()));
            made.Copies.AddRange(entries.Select(entry => entry.Copy.ToArray()));
            made.Never.Add(reviewer.Signing.PublicKey.Bytes.ToArray());
        }
        // Whose they were stands in the roster too: only what is not public is looked for.
        made.Never.Clear();
        made.Never.AddRange([loose[^64..], (await drop.Stores.Days.ReadKeyAsync(made.Day, None))!]);
        for (var days = 1; days <= 3; days++)
        {
            await drop.AdvanceToAsync(made.Day.AddDays(days));
            await drop.AdvanceAsync(TimeSpan.FromMinutes(61));
            made.Never.Add((await made.TellAsync())[^64..]);
            made.Never.Add((await drop.Stores.Days.ReadKeyAsync(drop.Today, None))!);
        }
        await drop.Stores.Days.EndEarlyAsync(made.Day, made.Day.AddDays(20), None);
        return made;
    }

    /// <summary>A backup as the command makes it beside a running server.</summary>
    public async Task<BackupResult> BackUpAsync(string path)
    {
        await using var socket = BackupSocket.Listen(Options, Drop.Stores, Drop.Time, Log);
        Assert.NotNull(socket);
        return await BackupRun.ToAsync(Options, path, Drop.Time, Log, None);
    }

    /// <summary>Into an empty folder.</summary>
    public async Task<ServerOptions> RestoreAsync(string backup, string folder)
    {
        ServerOptions options = new() { Drop = new() { DataDirectory = folder, FreeSpaceFloorInMebibytes = 1 } };
        await RestoreRun.FromAsync(options, backup, Drop.Time, Log, None);
        return options;
    }

    /// <summary>That a store holds the complete day, and nothing of what came after it.</summary>
    public async Task AssertHoldsAsync(ServerStores stores)
    {
        var texts = await stores.Reports.ReadTextsAsync(Day, null, 100, None);
        Assert.Equal(Texts.Select(Convert.ToHexString).Order(), texts.Select(text => Convert.ToHexString(text.SealedBytes.Span)).Order());
        var report = Assert.Single(await stores.Reports.ListReportsAsync(Day, null, 100, None), each => each.Parts > 0);
        using var whole = new MemoryStream();
        for (var part = 0; part < report.Parts; part++)
            whole.Write((await stores.Reports.ReadPartAsync(Day, report.Id, part, None))!.Value.Span);
        Assert.Equal(SHA256.HashData(Large), SHA256.HashData(whole.ToArray()));
        Assert.Equal([Day], (await stores.Reports.ListDaysAsync(None)).Select(day => day.Day));
        Assert.Empty(await stores.Reports.ListOpenDaysAsync(None));
        var deadDrops = await stores.DeadDrops.ListAsync(None);
        Assert.All(deadDrops, day => Assert.True(day.IsPublished && day.ShardBits == 2));
        Assert.Equal([Day, Day.AddDays(1), Day.AddDays(2)], deadDrops.Select(day => day.Day));
        var slots = new List<string>();
        for (var shard = 0; shard < 4; shard++)
            slots.AddRange((await stores.DeadDrops.ReadSlotsAsync(Day, shard, null, 100, None)).Select(slot => $"{shard} {Convert.ToHexString(slot.Span)}"));
        Assert.Equal(Slots.Select((slot, n) => $"{(n < Slots.Count / 2 ? 1 : 3)} {Convert.ToHexString(slot)}").Order(), slots.Order());
        Assert.Equal(Copies.Select(Convert.ToHexString).Order(), (await stores.DeadDrops.ReadCopiesAsync(Day, null, 100, None)).Select(copy => Convert.ToHexString(copy.SealedBytes.Span)).Order());
        Assert.Equal((await Drop.Stores.Rosters.ReadAsync(None))!.Answer.ToArray(), (await stores.Rosters.ReadAsync(None))!.Answer.ToArray());
        Assert.Null(await stores.Rosters.ReadSetupTokenHashAsync(None));
        Assert.Empty(await stores.Days.ListKeyDaysAsync(None));
        Assert.Equal(Day.AddDays(20), (await stores.Days.ListEarlyEndsAsync(None))[Day]);
    }

    /// <summary>Changes a file of a backup, and its entry in the list, as somebody would who made a backup of their own.</summary>
    public static void Forge(string backup, string name, byte[] bytes, string? listedAs = null)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(backup, name))!);
        File.WriteAllBytes(System.IO.Path.Combine(backup, name), bytes);
        var manifest = Read(backup);
        Write(backup, manifest with
        {
            Files = [.. manifest.Files.Where(file => file.Name != name), new BackupFile(listedAs ?? name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)))],
        });
    }

    public static BackupManifest Read(string backup) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(System.IO.Path.Combine(backup, BackupManifest.FileName)), BackupJson.Default.BackupManifest)!;

    public static void Write(string backup, BackupManifest manifest) =>
        File.WriteAllBytes(System.IO.Path.Combine(backup, BackupManifest.FileName), JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));

    public async ValueTask DisposeAsync()
    {
        await Drop.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<byte[]> TellAsync()
    {
        var text = SealedBytes.Text();
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(Drop.Source)).PutTextAsync(text));
        return text;
    }
}
