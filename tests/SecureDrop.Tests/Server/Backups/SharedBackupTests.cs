using System.Net;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Storage;
using SecureDrop.Server.Storage.Mongo;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>
/// A backup of a database, which the command reads by itself beside servers that know nothing of it: they write, complete days and end them
/// meanwhile.
/// </summary>
public sealed class SharedBackupTests(MongoServer server) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private MongoConnection? _connection;
    private LivedDrop _lived = null!;
    private string _first = "";
    private RunningDrop _one = null!;
    private RunningDrop _two = null!;

    /// <summary>Two servers over a database in which a drop of five days was put; its backup, from the folder that it comes from, is the first.</summary>
    public async ValueTask InitializeAsync()
    {
        // First: it is skipped where there is none.
        _connection = await server.NewDatabaseAsync();
        _lived = await LivedDrop.StartAsync();
        await File.WriteAllTextAsync(_lived.File_("mongo"), _connection.ConnectionString, None);
        _first = await _lived.BackUpAsync("first");
        await Command.OkAsync(_lived.Drop.Time, ["restore", _first, .. Database]);
        _one = await _lived.Drop.SecondAsync(await MongoServer.OpenAsync(_connection));
        _two = await _lived.Drop.SecondAsync(await MongoServer.OpenAsync(_connection));
        await _one.Server.Days.TickAsync(None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lived is null)
            return;
        await (_two?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_one?.DisposeAsync() ?? ValueTask.CompletedTask);
        await MongoServer.DropAsync(_connection!);
        await _lived.DisposeAsync();
    }

    [Fact]
    public async Task Backup_WhileTwoServersTakeUploads_HasTheSameBytesAsBefore()
    {
        using var stop = new CancellationTokenSource();
        var uploads = new[] { _one, _two }.Select(each => Task.Run(async () =>
        {
            var sent = 0;
            for (; !stop.IsCancellationRequested; sent++)
            {
                var upload = await UploadClient.NewAsync(each.Source);
                Assert.Equal(HttpStatusCode.NoContent, sent % 4 == 3 ? await upload.PutLargeAsync(SealedBytes.Large()) : await upload.PutTextAsync(SealedBytes.Text()));
            }
            return sent;
        }, None)).ToList();
        await Command.OkAsync(_lived.Drop.Time, ["backup", _lived.File_("second"), .. Database]);
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(uploads), sent => Assert.True(sent > 0));
        var (first, second) = (LivedDrop.Read(_first), LivedDrop.Read(_lived.File_("second")));
        // The days since the first two, of which the folder had dead drops and the database begins with none, apart.
        Assert.Equal(first.Where(IsSealed), second.Where(IsSealed));
        Assert.Equal(2, second.Count(file => file.Key.StartsWith("reports-", StringComparison.Ordinal)));

        static bool IsSealed(KeyValuePair<string, byte[]> file) =>
            file.Key.StartsWith("reports-", StringComparison.Ordinal) || file.Key.StartsWith("copies-", StringComparison.Ordinal) || file.Key is "roster.json" or "early-ends.json";
    }

    [Fact]
    public async Task Backup_DayThatAnotherServerEndsWhileItIsRead_IsLeftOutWhole()
    {
        var first = new BackupFile(BackupContent.Reports, _lived.First);
        var sink = new RecordingSink(file => file == first ? _two.Stores.Reports.EndDayAsync(_lived.First, None) : Task.CompletedTask);
        await new BackupMaker(_one.Stores, _one.Time).WriteAsync(sink, None);
        Assert.Contains(first, sink.Begun);
        Assert.Equal(sink.Begun.Where(file => file != first), sink.Whole);
    }

    [Fact]
    public async Task Backup_DayThatAnotherServerCompletesWhileItIsMade_IsInTheNextOneWhole()
    {
        var day = _one.Today;
        List<byte[]> told = [SealedBytes.Text(), SealedBytes.Large()];
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(_one.Source)).PutTextAsync(told[0]));
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(_two.Source)).PutLargeAsync(told[1]));
        // Begun and never ended: it is in no backup.
        var part = UploadClient.Cut(SealedBytes.Large())[0];
        Assert.Equal(HttpStatusCode.NoContent, await (await UploadClient.NewAsync(_two.Source)).PutPartAsync(0, part));
        // As the backup looks through the days, the third day after it has come; as it writes the first file, that server completes it.
        _one.Time.Advance(TimeSpan.FromDays(3));
        Assert.Contains(day, await _two.Stores.Reports.ListOpenDaysAsync(None));
        var isTurned = false;
        var sink = new RecordingSink(async _ =>
        {
            if (!isTurned)
                await _two.Server.Days.TickAsync(None);
            isTurned = true;
        });
        await new BackupMaker(_one.Stores, _one.Time).WriteAsync(sink, None);
        Assert.DoesNotContain(day, await _one.Stores.Reports.ListOpenDaysAsync(None));
        Assert.DoesNotContain(new BackupFile(BackupContent.Reports, day), sink.Begun);

        await Command.OkAsync(_one.Time, ["backup", _lived.File_("second"), .. Database]);
        var file = LivedDrop.Read(_lived.File_("second"))[$"reports-{day:yyyy-MM-dd}"];
        Assert.Equal(told.Sum(report => (long)report.Length) + (told.Count * (StoredId.SizeInBytes + sizeof(ulong))), file.Length);
        Assert.All(told, report => Assert.True(file.AsSpan().IndexOf(report) >= 0));
    }

    private string[] Database => [$"--SecureDrop:Mongo:ConnectionStringFile={_lived.File_("mongo")}", $"--SecureDrop:Mongo:Database={_connection!.Database}"];
}
