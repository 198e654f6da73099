using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Reviewer.Processes;
using SecureDrop.Tests.Server;
using SecureDrop.Tests.Server.Faults;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Faults;

/// <summary>A disk that says that it could not make something durable: the tool says so, and the same command again does it all, once.</summary>
public sealed class FailedSyncTests
{
    private const int Texts = 3;

    [Fact]
    public async Task Commands_SyncsThatFail_AreSaidAndTheNextRunHasEverythingOnce()
    {
        using FaultShim shim = await FaultShim.CreateAsync();
        await FaultRounds.RunAsync(1, async chance =>
        {
            await using DropAndDesk at = await DropAndDesk.StartAsync(await RunningDrop.EmptyAsync(start: TimeProvider.System.GetUtcNow()));
            using SourceAtWork source = new(at.Drop);
            string[] told = [.. Enumerable.Range(0, Texts).Select(n => $"text {n}")];
            foreach (string text in told)
            {
                await source.TellAsync(text);
            }

            foreach ((string name, string value) in shim.Variables)
            {
                at.Desk.Variables[name] = value;
            }

            // The very last flush of each is not among them.
            List<int> failed = [await FailAsync(shim, at, chance.Below(4), "sync")];
            await at.Desk.OkAsync("sync");
            Assert.Equal(told, (await at.InboxAsync()).Select(line => line.GetProperty("firstWords").GetString()!).Order(StringComparer.Ordinal));
            Assert.Equal(Texts, at.SealedFiles().Length);

            string answer = at.Desk.File_("answer.txt"), handle = (await at.InboxAsync())[0].GetProperty("handle").GetString()!;
            await File.WriteAllTextAsync(answer, "Which gate?");
            failed.Add(await FailAsync(shim, at, chance.Below(4), "reply", handle, answer));
            await at.Desk.OkAsync("reply", handle, answer);
            failed.Add(await FailAsync(shim, at, chance.Below(4), "key", "renew"));
            await at.Desk.OkAsync("key", "renew");
            await source.TellAsync("sealed to the new key");
            await at.Desk.OkAsync("sync");
            foreach (System.Text.Json.JsonElement line in await at.InboxAsync())
            {
                await at.Desk.OkAsync("open", line.GetProperty("handle").GetString()!, "--no-receipt");
            }

            Assert.Equal(Texts + 1, (await at.InboxAsync()).Length);
            await at.Drop.AdvanceAsync(TimeSpan.FromDays(1));
            Assert.Equal(["Which gate?"], (await source.LookAsync()).Replies.Select(reply => reply.Message).Where(message => message.Length > 0));
            return $"failed flushes of sync, reply, key renew: {string.Join(", ", failed)}; all said, nothing lost";
        });
    }

    /// <summary>Runs the program on a disk of which one flush fails, and all after it.</summary>
    private static async Task<int> FailAsync(FaultShim shim, DropAndDesk at, int after, params string[] arguments)
    {
        int before = shim.Failed;
        shim.FailSyncs(after, int.MaxValue);
        Ran ran = await ReviewerProcess.RunAsync(at.Desk, arguments);
        shim.Mend();
        int failed = shim.Failed - before;
        Assert.True(ran.Code == (failed > 0 ? ExitCode.DiskFull : ExitCode.Ok), $"{string.Join(' ', arguments)}, {failed} failed after {after}: {ran.Code}: {ran.Error}");
        return failed;
    }
}
