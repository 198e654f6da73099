using System.Text.Json;
using CsCheck;
using SecureDrop.Crypto.Age;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;
using SecureDrop.Tests.Server.Faults;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Faults;

/// <summary>
/// SIGKILL at moments of chance of the tool's <c>sync</c>, <c>open</c>, <c>reply</c> and <c>key renew</c>, and then the same command again, as
/// somebody types it who does not know how far it came.
/// </summary>
public sealed class KilledReviewerTests
{
    private const int Texts = 5;
    private const int FileSizeInBytes = 3 << 19;
    private const int Kept = 12;

    // Made, written, renamed.
    private const int ChangesOfOne = 3;

    [Fact]
    public async Task Commands_Killed_TheNextRunHasEverythingOnceAndTheSourceIsAnsweredOnce()
    {
        await FaultRounds.RunAsync(1, async chance =>
        {
            // The program's clock is the machine's, so the server's has to be of the same day.
            await using DropAndDesk at = await DropAndDesk.StartAsync(await RunningDrop.EmptyAsync(start: TimeProvider.System.GetUtcNow()));
            using SourceAtWork asking = new(at.Drop);
            byte[] file = SealedBytes.Of(FileSizeInBytes, 1);
            await asking.TellAsync("see file", files: [TestDrop.Attach("a.bin", file)]);
            string[] told = [.. Enumerable.Range(0, Texts).Select(n => $"text {n}"), "see file"];
            for (int n = 0; n < Texts; n++)
            {
                using SourceAtWork source = new(at.Drop);
                await source.TellAsync(told[n]);
            }

            int kills = await RandomKills.AmidAsync(chance, at.Desk, Path.GetDirectoryName(at.Desk.Home)!, 50, async () => Assert.Subset(told.ToHashSet(), (await WordsAsync(at)).ToHashSet()), "sync");
            await at.Desk.OkAsync("sync");
            await AssertInboxAsync(at, told);

            string handle = (await at.InboxAsync()).Single(line => line.GetProperty("firstWords").GetString() == "see file").GetProperty("handle").GetString()!;
            string folder = at.Desk.File_("out");
            kills += await RandomKills.AmidAsync(chance, at.Desk, Path.GetDirectoryName(at.Desk.Home)!, 15, () =>
            {
                if (Directory.Exists(folder))
                {
                    AssertIsWhole(folder, file);
                }

                return Task.CompletedTask;
            }, "open", handle, "--out", folder);
            Ran opened = await at.Desk.RunAsync("open", handle, "--out", folder);
            Assert.True(opened.Code is ExitCode.Ok or ExitCode.AlreadyThere, opened.Error);
            AssertIsWhole(folder, file);

            string answer = at.Desk.File_("answer.txt");
            await File.WriteAllTextAsync(answer, "Which gate?");
            kills += await RandomKills.AmidAsync(chance, at.Desk, Path.GetDirectoryName(at.Desk.Home)!, 12, () => Task.CompletedTask, "reply", handle, answer);
            await at.Desk.OkAsync("reply", handle, answer);

            kills += await RandomKills.AmidAsync(chance, at.Desk, Path.GetDirectoryName(at.Desk.Home)!, 20, () => asking.TellAsync("sealed to whichever key there is"), "key", "renew");
            int whichever = (await at.Drop.Stores.Reports.ListDaysAsync(CancellationToken.None)).Single().Reports - told.Length;
            await at.Desk.OkAsync("key", "renew");
            await asking.TellAsync("sealed to the new key");
            string[] all = [.. told, .. Enumerable.Repeat("sealed to whichever key there is", whichever), "sealed to the new key"];
            await at.Desk.OkAsync("sync");
            await AssertInboxAsync(at, all);
            await AssertAllOpenAsync(at);

            await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
            Assert.Equal(["Which gate?"], (await asking.LookAsync()).Replies.Select(reply => reply.Message).Where(message => message.Length > 0));
            Assert.DoesNotContain(Directory.EnumerateFiles(at.Desk.Home, "*", SearchOption.AllDirectories), path => path.EndsWith(".unfinished", StringComparison.Ordinal));
            return $"{all.Length} reports, {kills} kills, nothing lost";
        });
    }

    [Fact]
    public async Task Sync_KilledWhileAnOldKeyIsDestroyed_NothingIsLostThatItOpened()
    {
        using FaultShim shim = await FaultShim.CreateAsync();
        await FaultRounds.RunAsync(1, async chance =>
        {
            await using DropAndDesk at = await DropAndDesk.StartAsync(await RunningDrop.EmptyAsync(start: TimeProvider.System.GetUtcNow()));
            DateTimeOffset start = at.Drop.Time.GetUtcNow();
            await at.Desk.OkAsync("sync");
            await at.Desk.OkAsync("key", "renew");
            using SourceAtWork source = new(at.Drop);
            for (int n = 0; n < Kept; n++)
            {
                await source.TellAsync($"text {n}");
            }

            await at.Desk.OkAsync("sync");
            // Two weeks it serves, and three days until the last of them are complete: the next look finds it due.
            const int DaysUntilDue = 18;
            for (int day = 1; day <= DaysUntilDue; day++)
            {
                await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
                if (day is 5 or 10)
                {
                    await at.Desk.OkAsync("sync");
                    await at.Desk.OkAsync("key", "renew");
                }
            }

            int before = IdentitiesThatOpenAll(at);
            foreach ((string name, string value) in shim.Variables)
            {
                at.Desk.Variables[name] = value;
            }

            shim.ClockOffset = at.Drop.Time.GetUtcNow() - start;
            // Nothing new comes: what changes there are the kept reports, which are sealed again to the key that stays.
            int kills = await RandomKills.AmidAsync(chance, at.Desk, at.Desk.HomeDirectory.Reports, ChangesOfOne * Kept, () =>
            {
                IdentitiesThatOpenAll(at);
                return Task.CompletedTask;
            }, "sync");
            await at.Desk.OkAsync("sync");
            Assert.True(IdentitiesThatOpenAll(at) < before, "No key was due.");
            return $"{Kept} reports, {kills} kills, nothing lost";
        });
    }

    private static async Task<string[]> WordsAsync(DropAndDesk at) => [.. (await at.InboxAsync()).Select(line => line.GetProperty("firstWords").GetString()!)];

    private static void AssertIsWhole(string folder, byte[] file)
    {
        Assert.Equal(["0001.bin", "message.txt"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
        Assert.Equal(file, File.ReadAllBytes(Path.Combine(folder, "0001.bin")));
    }

    private static async Task AssertInboxAsync(DropAndDesk at, string[] told)
    {
        Assert.Equal(told.Order(StringComparer.Ordinal), (await WordsAsync(at)).Order(StringComparer.Ordinal));
        Assert.Equal(told.Length, at.SealedFiles().Length);
    }

    /// <summary>How many there are, once each kept report has been opened; without a command for each, which would pay for the passphrase.</summary>
    private static int IdentitiesThatOpenAll(DropAndDesk at)
    {
        using UnlockedHome home = at.Desk.Unlock();
        Assert.Equal(Kept, home.Index.Reports.Count);
        foreach (ReportEntry report in home.Index.Reports)
        {
            using FileStream file = File.OpenRead(home.Home.Report(report.Day, report.Id));
            using AgeOpenStream open = AgeOpenStream.Open(file, [.. home.Keys.Identities.Select(own => own.Identity), home.Keys.Own]);
            open.CopyTo(Stream.Null);
        }

        return home.Keys.Identities.Count;
    }

    private static async Task AssertAllOpenAsync(DropAndDesk at)
    {
        foreach (JsonElement line in await at.InboxAsync())
        {
            Assert.Contains(line.GetProperty("firstWords").GetString()!,
                await at.Desk.OkAsync("open", line.GetProperty("handle").GetString()!, "--no-receipt"), StringComparison.Ordinal);
        }
    }
}
