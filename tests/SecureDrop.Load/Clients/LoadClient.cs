using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Load.Measuring;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Load.Clients;

/// <summary>One client's visits, one after another, each as the page makes it, with the page's pauses where the server is busy.</summary>
/// <param name="http">The server's source side; all clients share its connections.</param>
/// <param name="bodies">What is uploaded.</param>
/// <param name="ledger">Told of everything.</param>
/// <param name="kibibytesPerSecond">The rate of a larger report, all its parts together; 0: as fast as it goes.</param>
internal sealed class LoadClient(HttpClient http, Bodies bodies, Ledger ledger, int kibibytesPerSecond)
{
    // server/Web/src: a part after another; tickets that are paid anew when the difficulty has risen.
    private const int PartsInFlight = 1;
    private const int MostRefusals = 5;

    // The sentence of Refusals.StoreAway.
    private static readonly string StoreAway = Refusals.StoreAway.Title;

    /// <summary>One text: a ticket, its work, and the upload.</summary>
    internal Task TextAsync() => TimedAsync("text", UploadTextAsync);

    /// <summary>What a look for replies is: page, roster, index, every dead drop, and the decoy.</summary>
    internal Task CheckAsync() => TimedAsync("check", async () =>
    {
        await FetchAsync("/");
        await FetchAsync("/api/v1/roster");
        using JsonDocument index = JsonDocument.Parse(await FetchAsync("/api/v1/dead-drops"));
        foreach (JsonElement day in index.RootElement.EnumerateArray())
        {
            await FetchAsync($"/api/v1/dead-drops/{day.GetProperty("day").GetString()}/0");
        }

        await UploadTextAsync();
    });

    /// <summary>A larger report, part by part, and its commit.</summary>
    /// <param name="stop">No part is begun any more; what is not complete then is left as it is.</param>
    internal Task ReportAsync(CancellationToken stop) => TimedAsync("report", async () =>
    {
        Upload upload = await TryAsync(() => Upload.BeginAsync(http));
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(bodies.Report);
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, PartsInFlight).Select(async _ =>
        {
            byte[] buffer = new byte[Upload.PartSizeInBytes];
            for (int n; !stop.IsCancellationRequested && (n = Interlocked.Increment(ref next)) < Upload.PartsOf(bodies.ReportSizeInBytes);)
            {
                int length = await RandomAccess.ReadAsync(file, buffer, (long)n * Upload.PartSizeInBytes, CancellationToken.None);
                await TryAsync(async () =>
                {
                    await upload.PutPartAsync(n, new PacedContent(buffer.AsMemory(0, length), kibibytesPerSecond / PartsInFlight));
                    return true;
                });
                ledger.Sent(length);
            }
        }));
        stop.ThrowIfCancellationRequested();
        // However often it is asked, it is one report: of the tries only the last counts.
        bool isUnknown = false;
        try
        {
            await TryAsync(async () =>
            {
                try
                {
                    await upload.CommitAsync(bodies.ReportSizeInBytes);
                    return true;
                }
                catch (Exception e) when (MayBeThere(e))
                {
                    isUnknown = true;
                    throw;
                }
            });
        }
        catch
        {
            if (isUnknown)
            {
                ledger.NoAnswer(bodies.ReportDigest);
            }

            throw;
        }

        ledger.Acknowledge(bodies.ReportDigest);
    });

    private async Task UploadTextAsync()
    {
        (byte[] bytes, string digest) = bodies.Texts[RandomNumberGenerator.GetInt32(bodies.Texts.Count)];
        int refusals = 0;
        await TryAsync(async () =>
        {
            while (true)
            {
                // A ticket of its own for each try, so each may have made a report of its own.
                Upload upload = await Upload.BeginAsync(http);
                try
                {
                    await upload.PutTextAsync(bytes);
                    return true;
                }
                catch (RefusedException e) when (e.Status == HttpStatusCode.Forbidden && ++refusals < MostRefusals)
                {
                }
                catch (Exception e) when (MayBeThere(e))
                {
                    ledger.NoAnswer(digest);
                    throw;
                }
            }
        });
        ledger.Acknowledge(digest);
        ledger.Sent(bytes.Length);
    }

    /// <summary>Whether what was sent may have been stored all the same: the line broke, or the server lost its database in between.</summary>
    private static bool MayBeThere(Exception e) =>
        PagePauses.IsOfTheLine(e) || (e is RefusedException refused && (refused.Status == HttpStatusCode.InternalServerError || refused.Sentence == StoreAway));

    private async Task TimedAsync(string kind, Func<Task> visit)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            await visit();
            ledger.Took(kind, Stopwatch.GetElapsedTime(began));
        }
        catch (OperationCanceledException e) when (e is not TaskCanceledException)
        {
            // The run is over.
        }
#pragma warning disable CA1031 // Whatever it is, it is counted by what it says.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ledger.Failed(e);
        }
    }

    private Task<byte[]> FetchAsync(string path) => TryAsync(async () =>
    {
        using HttpResponseMessage answer = await http.GetAsync(path);
        await RefusedException.ThrowIfRefusedAsync(answer);
        return await answer.Content.ReadAsByteArrayAsync();
    });

    private Task<T> TryAsync<T>(Func<Task<T>> call) => PagePauses.TryAsync(call, ledger.Failed);
}
