using System.Net;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Replies;
using Xunit;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>
/// Ended means gone: what a day held is looked for as bytes in every file of the running server's data folder, free pages and logs
/// included, before its end (where it must be found, or the search proves nothing) and after.
/// </summary>
public sealed class EndedTests
{
    private const int NeedleSizeInBytes = 24;
    private const int SameSizeInBytes = 128;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WhatADayHeld_AfterEachOfItsEnds_IsInNoFile()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var day = drop.Today;
        var (text, large, loose) = (SealedBytes.Text(), SealedBytes.Large(), RandomNumberGenerator.GetBytes(1 << 20));
        var upload = await UploadClient.NewAsync(drop.Source);
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(text));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(drop.Source)).PutLargeAsync(large));
        var never = await UploadClient.NewAsync(drop.Source);
        // The second part of something: whatever it was, its commit never came.
        Assert.Equal(HttpStatusCode.NoContent, await never.PutPartAsync(1, loose));
        var key = (await drop.Stores.Days.ReadKeyAsync(day, None))!;

        using var alice = await drop.LoggedInAsync(drop.DropKeys.Alice);
        var (replaced, batch) = (Batches.New(), Batches.New());
        foreach (var entries in new[] { replaced, batch })
            Assert.Equal(HttpStatusCode.NoContent, await PostAsync(alice, entries));
        var owner = drop.DropKeys.Alice.Signing.PublicKey.Bytes.ToArray();
        var (slots, copies) = (batch.Select(entry => entry.Slot.ToArray()).ToList(), batch.Select(entry => entry.Copy.ToArray()).ToList());

        foreach (var there in new[] { text, large, loose, key, owner }.Concat(slots).Concat(copies))
            Assert.NotEmpty(Found(drop, there));
        // A batch that another took the place of is gone at once.
        Assert.All(replaced, entry => Assert.Empty(Found(drop, entry.Slot.ToArray()).Concat(Found(drop, entry.Copy.ToArray()))));
        // Of who came nothing was ever there: upload ids lead nowhere without the key, logins live in memory.
        var (challenge, token) = (await drop.ChallengeAsync(), alice.DefaultRequestHeaders.Authorization!.Parameter!);
        foreach (var never_ in new[] { upload.IdBytes, never.IdBytes, Encoding.ASCII.GetBytes(upload.Ticket), Encoding.ASCII.GetBytes(upload.Id), Encoding.ASCII.GetBytes(challenge), Encoding.ASCII.GetBytes(token) })
            Assert.Empty(Found(drop, never_));

        await drop.AdvanceToAsync(day.AddDays(1));
        Assert.Empty(Found(drop, owner));
        Assert.All(slots.Concat(copies), bytes => Assert.NotEmpty(Found(drop, bytes)));
        Assert.NotEmpty(Found(drop, key));

        await drop.AdvanceToAsync(day.AddDays(3));
        Assert.Empty(Found(drop, key));
        Assert.Empty(Found(drop, loose));
        Assert.NotEmpty(Found(drop, text));
        Assert.NotEmpty(Found(drop, large));

        await drop.AdvanceToAsync(day.AddDays(31));
        Assert.All(slots, slot => Assert.Empty(Found(drop, slot)));
        Assert.All(copies, copy => Assert.NotEmpty(Found(drop, copy)));

        await drop.AdvanceToAsync(day.AddDays(91));
        Assert.All(copies.Append(text).Append(large), bytes => Assert.Empty(Found(drop, bytes)));
        Assert.Equal("", string.Join(", ", Directory.EnumerateFiles(drop.DataFolder).Select(file => Path.GetFileName(file)).Where(name => name.Contains(day.ToString("yyyy-MM-dd"), StringComparison.Ordinal))));
    }

    [Fact]
    public async Task DayThatAReviewerEnded_OnceItsSevenDaysAreOver_IsInNoFile()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        // Not the day of the roster, which names its own.
        await drop.AdvanceToAsync(drop.Today.AddDays(1));
        var day = drop.Today;
        var text = SealedBytes.Text();
        await (await UploadClient.NewAsync(drop.Source)).PutTextAsync(text);
        await drop.AdvanceToAsync(day.AddDays(3));
        using (var alice = await drop.LoggedInAsync(drop.DropKeys.Alice))
        using (var asked = await alice.DeleteAsync($"/api/v1/days/{day:yyyy-MM-dd}"))
            Assert.True(asked.IsSuccessStatusCode);
        Assert.NotEmpty(Found(drop, text));
        await drop.AdvanceToAsync(day.AddDays(8));
        Assert.Empty(Found(drop, text));
        Assert.Empty(Found(drop, Encoding.ASCII.GetBytes(day.ToString("yyyy-MM-dd"))));
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient reviewer, IReadOnlyList<DeadDropEntry> entries)
    {
        using var content = new ByteArrayContent(DeadDropBatch.Write(entries));
        content.Headers.ContentType = new("application/octet-stream");
        using var answer = await reviewer.PostAsync("/api/v1/dead-drop", content);
        return answer.StatusCode;
    }

    /// <summary>The files in which any stretch of these bytes is found.</summary>
    private static List<string> Found(RunningDrop drop, byte[] bytes)
    {
        using var stolen = StolenFolder.Steal(drop.DataFolder);
        List<string> names = [];
        foreach (var name in stolen.Names)
        {
            var file = File.ReadAllBytes(stolen.File_(name));
            // In steps: of a long text any piece would do, and the border of a page hides one at most. All sealed files begin alike.
            for (var at = bytes.Length > SameSizeInBytes ? SameSizeInBytes : 0; at + Math.Min(NeedleSizeInBytes, bytes.Length) <= bytes.Length; at += Math.Max(NeedleSizeInBytes, bytes.Length / 16))
            {
                if (file.AsSpan().IndexOf(bytes.AsSpan(at, Math.Min(NeedleSizeInBytes, bytes.Length))) >= 0)
                {
                    names.Add(name);
                    break;
                }
            }
        }
        return names;
    }
}
