using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>
/// Uploads of mixed sizes at once, each tried until it is acknowledged, while something goes wrong; then what reviewers can fetch is
/// compared with what was sent, byte for byte. Whatever was acknowledged before a fault was never sent again after it, so a loss shows.
/// Among them are reports whose sources go away before the end: of these nothing is ever shown.
/// </summary>
internal sealed class UploadRound(HttpClient source, int texts, int larger)
{
    private const int Abandoned = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly byte[][] _texts = [.. Enumerable.Range(0, texts).Select(_ => SealedBytes.Text())];
    private readonly byte[][] _larger = [.. Enumerable.Range(0, larger).Select(_ => SealedBytes.Large())];
    private readonly byte[][] _abandoned = [.. Enumerable.Range(0, Abandoned).Select(_ => SealedBytes.Large())];
    private int _acknowledged;
    private int _tries;

    /// <summary>How many uploads have been acknowledged so far.</summary>
    public int Acknowledged => _acknowledged;

    /// <summary>Tries that failed: by the line, or by an answer that says to come again.</summary>
    public int Tries => _tries;

    public int Uploads => texts + larger;

    /// <summary>All uploads; returns when each is acknowledged.</summary>
    /// <param name="atOnce">So many at the same time; all of them else.</param>
    public async Task RunAsync(int atOnce = int.MaxValue)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var places = new SemaphoreSlim(atOnce);
        await Task.WhenAll(_texts.Select(bytes => UploadAsync(upload => upload.PutTextAsync(bytes), places, patience.Token))
            .Concat(_larger.Select(bytes => UploadLargerAsync(UploadClient.Cut(bytes), bytes.Length, places, patience.Token)))
            .Concat(_abandoned.Select((bytes, n) => AbandonAsync(UploadClient.Cut(bytes), bytes.Length, isAllThere: n % 2 == 0, places, patience.Token))));
    }

    /// <summary>In the midst of it: whatever is shown is whole, and of a source that will send its end or has sent it.</summary>
    /// <param name="logIn">Logs in as a reviewer; tried until it works.</param>
    public async Task AssertNothingElseIsThereAsync(Func<Task<HttpClient>> logIn)
    {
        using var patience = new CancellationTokenSource(Patience);
        var found = await TryAsync(async () =>
        {
            using var reviewer = await logIn();
            return await FetchAsync(reviewer);
        }, patience.Token);
        Assert.Subset(_texts.Concat(_larger).Select(bytes => Digest(bytes)).ToHashSet(), found.ToHashSet());
        Assert.Equal(found.Count, found.Distinct().Count());
    }

    /// <summary>Waits until so many are acknowledged.</summary>
    public async Task WaitForAsync(int acknowledged)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_acknowledged < Math.Min(acknowledged, Uploads))
            await Task.Delay(2, patience.Token);
    }

    /// <summary>Everything that was sent is there once, whole, and nothing else is.</summary>
    /// <param name="reviewer">Logged in.</param>
    public Task AssertIsThereOnceAsync(HttpClient reviewer) => AssertAreThereOnceAsync(reviewer, _texts.Concat(_larger));

    /// <summary>These reports are there once, whole, and no other is.</summary>
    /// <param name="reviewer">Logged in.</param>
    /// <param name="reports">Sealed.</param>
    public static async Task AssertAreThereOnceAsync(HttpClient reviewer, IEnumerable<byte[]> reports) =>
        Assert.Equal(reports.Select(bytes => Digest(bytes)).Order(StringComparer.Ordinal), (await FetchAsync(reviewer)).Order(StringComparer.Ordinal));

    private static async Task<List<string>> FetchAsync(HttpClient reviewer)
    {
        var found = new List<string>();
        using var days = JsonDocument.Parse(await reviewer.GetByteArrayAsync("/api/v1/days"));
        foreach (var day in days.RootElement.EnumerateArray().Select(listed => listed.GetProperty("day").GetString()!))
        {
            var ids = new HashSet<string>();
            await using (var stream = await reviewer.GetStreamAsync($"/api/v1/days/{day}/texts"))
            {
                var head = new byte[StoredId.SizeInBytes + sizeof(uint)];
                while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) == head.Length)
                {
                    var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(StoredId.SizeInBytes))];
                    await stream.ReadExactlyAsync(body);
                    Assert.True(ids.Add(Convert.ToHexStringLower(head.AsSpan(0, StoredId.SizeInBytes))), "a text is listed twice");
                    found.Add(Digest(body));
                }
            }
            using var listedReports = JsonDocument.Parse(await reviewer.GetByteArrayAsync($"/api/v1/days/{day}/reports"));
            foreach (var id in listedReports.RootElement.EnumerateArray().Select(report => report.GetProperty("id").GetString()!).Where(id => !ids.Contains(id)))
                found.Add(Digest(await reviewer.GetByteArrayAsync($"/api/v1/reports/{id}")));
            Assert.Equal(listedReports.RootElement.GetArrayLength(), listedReports.RootElement.EnumerateArray().Select(report => report.GetProperty("id").GetString()).Distinct().Count());
        }
        return found;
    }

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task UploadAsync(Func<UploadClient, Task<HttpStatusCode>> put, SemaphoreSlim places, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        var upload = await TryAsync(async () => await UploadClient.NewAsync(source), cancel);
        await DoneAsync(() => put(upload), cancel);
        Interlocked.Increment(ref _acknowledged);
        places.Release();
    }

    private async Task UploadLargerAsync(IReadOnlyList<byte[]> parts, int sizeInBytes, SemaphoreSlim places, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        var upload = await TryAsync(async () => await UploadClient.NewAsync(source), cancel);
        for (var part = 0; part < parts.Count; part++)
            await DoneAsync(() => upload.PutPartAsync(part, parts[part]), cancel);
        await DoneAsync(() => upload.CommitAsync(parts.Count, sizeInBytes), cancel);
        Interlocked.Increment(ref _acknowledged);
        places.Release();
    }

    /// <summary>All parts and no end; or the end without the last part, which is refused.</summary>
    private async Task AbandonAsync(IReadOnlyList<byte[]> parts, int sizeInBytes, bool isAllThere, SemaphoreSlim places, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        var upload = await TryAsync(async () => await UploadClient.NewAsync(source), cancel);
        for (var part = 0; part < parts.Count - (isAllThere ? 0 : 1); part++)
            await DoneAsync(() => upload.PutPartAsync(part, parts[part]), cancel);
        if (!isAllThere)
            await DoneAsync(() => upload.CommitAsync(parts.Count, sizeInBytes), cancel, HttpStatusCode.BadRequest);
        places.Release();
    }

    private Task<bool> DoneAsync(Func<Task<HttpStatusCode>> call, CancellationToken cancel, HttpStatusCode wanted = HttpStatusCode.NoContent) => TryAsync(async () =>
    {
        var status = await call();
        // Full and busy are told apart by a sentence; anything else than these two would be lost work, or worse.
        return status switch
        {
            _ when status == wanted => true,
            HttpStatusCode.ServiceUnavailable => throw new HttpRequestException("busy"),
            _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The server answered {(int)status}.")),
        };
    }, cancel);

    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TaskCanceledException)
            {
                Interlocked.Increment(ref _tries);
                await Task.Delay(Pause, cancel);
            }
        }
    }
}
