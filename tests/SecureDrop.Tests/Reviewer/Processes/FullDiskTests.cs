using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Processes;

/// <summary>No room on the disk, wherever it runs out: one sentence, an exit code of its own, nothing lost, and with room it goes on.</summary>
public sealed class FullDiskTests
{
    private const int RoomyInKibibytes = 64 * 1024;

    [Fact]
    public async Task Init_DiskFullAnywhere_LeavesNothingInTheWay()
    {
        SmallDisk.OrSkip();
        for (int size = 4; ; size += 4)
        {
            using TestDesk desk = new();
            using SmallDisk disk = new(desk.Home, size);
            string[] init = ["init", "--name", "Paper", "--url", "http://localhost:8080", "--as", "Ana"];
            Ran full = await desk.RunAsync(init);
            if (full.Code == ExitCode.Ok)
            {
                Assert.True(size > 16, "It never was full.");
                return;
            }

            AssertFull(full);
            Assert.DoesNotContain(Directory.GetFileSystemEntries(desk.Home), f => Path.GetFileName(f) != "lock");
            disk.Resize(RoomyInKibibytes);
            await desk.OkAsync(init);
        }
    }

    [Fact]
    public async Task Sync_DiskFullInALargeReport_GoesOnWithRoom()
    {
        SmallDisk.OrSkip();
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await at.Desk.OkAsync("sync");
        byte[] file = new byte[3_000_000];
        System.Security.Cryptography.RandomNumberGenerator.Fill(file);
        await source.TellAsync("see file", files: [TestDrop.Attach("a.pdf", file)]);
        using SmallDisk disk = new(at.Desk.HomeDirectory.Reports, 1024);
        AssertFull(await at.Desk.RunAsync("sync"));
        Assert.All(at.SealedFiles(), f => Assert.EndsWith(".part", f, StringComparison.Ordinal));
        Assert.Empty(await at.InboxAsync());
        disk.Resize(RoomyInKibibytes);
        await at.Desk.OkAsync("sync");
        string folder = at.Desk.File_("out");
        await at.Desk.OkAsync("open", await at.OnlyHandleAsync(), "--out", folder);
        Assert.Equal(file, File.ReadAllBytes(Path.Combine(folder, "0001.pdf")));
        Assert.Single(at.SealedFiles());
    }

    [Theory, InlineData(100), InlineData(400), InlineData(700)]
    public async Task Sync_DiskFullInTheStreamOfTexts_ListsEachOnceWithRoom(int sizeInKibibytes)
    {
        const int count = 12;
        SmallDisk.OrSkip();
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        for (int i = 0; i < count; i++)
        {
            using SourceAtWork source = new(at.Drop);
            await source.TellAsync($"report number {i:D2}");
        }

        using SmallDisk disk = new(at.Desk.HomeDirectory.Reports, sizeInKibibytes);
        AssertFull(await at.Desk.RunAsync("sync"));
        int came = (await at.InboxAsync()).Length;
        Assert.True(came < count);
        disk.Resize(RoomyInKibibytes);
        await at.Desk.OkAsync("sync");
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"report number {i:D2}"),
            (await at.InboxAsync()).Select(l => l.GetProperty("firstWords").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(count, at.SealedFiles().Length);
    }

    [Fact]
    public async Task Open_DiskFull_WritesNothingAndWithRoomAll()
    {
        SmallDisk.OrSkip();
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        byte[] file = new byte[1_500_000];
        await source.TellAsync("see files", files: [TestDrop.Attach("a.pdf", [1, 2, 3]), TestDrop.Attach("b.pdf", file)]);
        await at.Desk.OkAsync("sync");
        string handle = await at.OnlyHandleAsync(), cases = at.Desk.File_("cases");
        using SmallDisk disk = new(cases, 512);
        string folder = Path.Combine(cases, "harbour");
        AssertFull(await at.Desk.RunAsync("open", handle, "--out", folder));
        Assert.Empty(Directory.GetFileSystemEntries(cases));
        disk.Resize(RoomyInKibibytes);
        await at.Desk.OkAsync("open", handle, "--out", folder);
        Assert.Equal(["0001.pdf", "0002.pdf", "message.txt"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
        Assert.Equal(file, File.ReadAllBytes(Path.Combine(folder, "0002.pdf")));
    }

    [Fact]
    public async Task Open_HomeIsFull_TheTextIsShownAndFilesGoElsewhere()
    {
        await using OnSmallDisk at = await OnSmallDisk.StartAsync();
        string folder = at.Desk.File_("out");
        using (at.Disk.Fill())
        {
            Ran opened = await at.Desk.RunAsync("open", at.Handle, "--out", folder);
            Assert.Contains("the words of a source", opened.Output, StringComparison.Ordinal);
            AssertFull(opened);
            Assert.Equal("the words of a source", await File.ReadAllTextAsync(Path.Combine(folder, "message.txt")));
        }

        await at.Desk.OkAsync("open", at.Handle);
    }

    [Fact]
    public async Task Reply_DiskFull_NothingIsSentAndWithRoomItIs()
    {
        await using OnSmallDisk at = await OnSmallDisk.StartAsync();
        string text = at.Desk.File_("answer.txt");
        await File.WriteAllTextAsync(text, "an hour's words");
        byte[] before = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Index);
        using (at.Disk.Fill())
        {
            AssertFull(await at.Desk.RunAsync("reply", at.Handle, text));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Index));
        await at.Desk.OkAsync("reply", at.Handle, text);
        await at.At.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("an hour's words", Assert.Single((await at.Source.LookAsync()).Replies).Message);
    }

    [Fact]
    public async Task Reply_WrittenInTheEditorAndDiskFull_KeepsTheWords()
    {
        await using OnSmallDisk at = await OnSmallDisk.StartAsync();
        string memory = Directory.CreateDirectory(at.Desk.File_("memory")).FullName;
        at.Desk.Variables["XDG_RUNTIME_DIR"] = memory;
        at.Desk.Variables["EDITOR"] = "f() { echo \"an hour's words\" > \"$1\"; }; f";
        at.Desk.HasPerson = true;
        string kept;
        using (at.Disk.Fill())
        {
            AssertFull(await at.Desk.RunAsync("reply", at.Handle));
            kept = Assert.Single(Directory.GetFiles(memory, "*", SearchOption.AllDirectories));
        }

        await at.Desk.OkAsync("reply", at.Handle, kept);
        await at.At.Drop.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("an hour's words", Assert.Single((await at.Source.LookAsync()).Replies).Message);
    }

    [Fact]
    public async Task KeyRenew_DiskFull_OldKeysStayAndWithRoomItIsDone()
    {
        await using OnSmallDisk at = await OnSmallDisk.StartAsync();
        byte[] before = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Keystore);
        using (at.Disk.Fill())
        {
            AssertFull(await at.Desk.RunAsync("key", "renew"));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Keystore));
        await at.Desk.OkAsync("key", "renew");
        await at.Source.TellAsync("sealed to the new key");
        await at.Desk.OkAsync("sync");
        Assert.Equal(2, (await at.At.InboxAsync()).Length);
        await at.Desk.OkAsync("open", at.Handle, "--no-receipt");
    }

    private static void AssertFull(Ran ran)
    {
        Assert.True(ran.Code == ExitCode.DiskFull, $"{ran.Code}: {ran.Error}");
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
        Assert.Contains("disk is full", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>A desk whose whole home lies on a small disk, with one report.</summary>
    private sealed class OnSmallDisk : IAsyncDisposable
    {
        public required DropAndDesk At { get; init; }

        public required SmallDisk Disk { get; init; }

        public required SourceAtWork Source { get; init; }

        public required string Handle { get; init; }

        public TestDesk Desk => At.Desk;

        public static async Task<OnSmallDisk> StartAsync()
        {
            SmallDisk.OrSkip();
            DropAndDesk at = await DropAndDesk.StartAsync();
            SourceAtWork source = new(at.Drop);
            await source.TellAsync("the words of a source");
            await at.Desk.OkAsync("sync");
            string elsewhere = at.Desk.Home + "-moved";
            Directory.Move(at.Desk.Home, elsewhere);
            SmallDisk disk = new(at.Desk.Home, 4096);
            Copy(elsewhere, at.Desk.Home);
            return new OnSmallDisk { At = at, Disk = disk, Source = source, Handle = await at.OnlyHandleAsync() };
        }

        public async ValueTask DisposeAsync()
        {
            Disk.Dispose();
            Source.Dispose();
            await At.DisposeAsync();
        }

        private static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (string file in Directory.GetFiles(from))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }

            foreach (string folder in Directory.GetDirectories(from))
            {
                Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
            }
        }
    }
}
