using System.Net;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>
/// A disk that says that it could not make something durable. Then nobody is told that a report is there that may not be, and what the
/// server shows stays what is in its files.
/// </summary>
public sealed class FailedSyncTests
{
    private const int Texts = 110;
    private const int Larger = 4;

    // A few, so that there are many commits.
    private const int AtOnce = 6;
    // Of the two commits of a text, each with its cells.
    private const int SyncsOfACommit = 8;
    private const string Sentence = @"^fault: \S+/\S+\.sqlite(-cells)? cannot be read or written \(.+\); check the disk, and that the file belongs to the user that the server runs as\.$";

    [Fact]
    public async Task Uploads_SyncsThatFailNowAndThen_AllAreThereOnceInMemoryAndInTheFiles()
    {
        using var shim = await FaultShim.CreateAsync();
        KillableServer.SkipWithoutPage();
        await FaultRounds.RunAsync(1, async chance =>
        {
            using var folder = new TemporaryFolder();
            await using var server = await KillableServer.StartAsync(shim.Variables, $"--SecureDrop:Drop:DataDirectory={folder.File("data")}");
            var (uploads, failedBefore) = (new UploadRound(server.Source, Texts, Larger), shim.Failed);
            var running = uploads.RunAsync(AtOnce);
            while (!running.IsCompleted)
            {
                // Any of those that one commit needs, and sometimes those of undoing it and of opening the file anew.
                shim.FailSyncs(chance.Below(2 * SyncsOfACommit), 1 + chance.Below(SyncsOfACommit));
                await Task.WhenAny(Task.Delay(20 + chance.Below(80)), running);
            }
            shim.Mend();
            await running;
            Assert.NotEqual(failedBefore, shim.Failed);
            using (var reviewer = await server.LogInAsync())
                await uploads.AssertIsThereOnceAsync(reviewer);
            await server.KillAsync();
            await server.StartAgainAsync();
            using (var reviewer = await server.LogInAsync())
                await uploads.AssertIsThereOnceAsync(reviewer);
            Assert.All(server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(Sentence, line.TrimEnd()));
            return $"{uploads.Uploads} uploads, {shim.Failed - failedBefore} failed flushes, {uploads.Tries} tries again, none lost";
        });
    }

    [Fact]
    public async Task Text_AnyOneSyncOfItsCommitsFails_IsNotAcknowledged()
    {
        using var shim = await FaultShim.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await KillableServer.StartAsync(shim.Variables, $"--SecureDrop:Drop:DataDirectory={folder.File("data")}");
        var (told, noticed) = (new List<byte[]>(), 0);
        for (var round = 0; round < 4; round++)
        {
            for (var skip = 0; skip < SyncsOfACommit + 2; skip++)
            {
                var (upload, text, before) = (await UploadClient.NewAsync(server.Source), SealedBytes.Text(), shim.Failed);
                shim.FailSyncs(skip, 1);
                var answer = await upload.PutTextAsync(text);
                // By itself, whether it is the list's, its journal's or the cells': whoever is acknowledged has all of them.
                Assert.Equal(shim.Failed > before ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NoContent, answer);
                noticed += shim.Failed - before;
                shim.Mend();
                Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(text));
                told.Add(text);
            }
        }
        Assert.InRange(noticed, 4 * 4, 4 * (SyncsOfACommit + 2));
        using var reviewer = await server.LogInAsync();
        await UploadRound.AssertAreThereOnceAsync(reviewer, told);
    }

    [Fact]
    public async Task Uploads_NoSyncSucceeds_NoneIsAcknowledgedUntilTheDiskIsWell()
    {
        using var shim = await FaultShim.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await KillableServer.StartAsync(shim.Variables, $"--SecureDrop:Drop:DataDirectory={folder.File("data")}");
        var (before, text, large) = (SealedBytes.Text(), SealedBytes.Text(), SealedBytes.Large());
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(server.Source)).PutTextAsync(before));
        var (upload, begun, parts) = (await UploadClient.NewAsync(server.Source), await UploadClient.NewAsync(server.Source), UploadClient.Cut(large));
        for (var n = 0; n < parts.Count; n++)
            Assert.Equal(HttpStatusCode.NoContent, await begun.PutPartAsync(n, parts[n]));

        shim.FailSyncs(0, int.MaxValue);
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await upload.PutTextAsync(text));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await begun.CommitAsync(parts.Count, large.Length));
        }
        Assert.True(shim.Failed > 0);

        shim.Mend();
        using var reviewer = await server.LogInAsync();
        Assert.Equal(HttpStatusCode.NoContent, await upload.PutTextAsync(text));
        Assert.Equal(HttpStatusCode.NoContent, await begun.CommitAsync(parts.Count, large.Length));
        await UploadRound.AssertAreThereOnceAsync(reviewer, [before, text, large]);
    }
}
