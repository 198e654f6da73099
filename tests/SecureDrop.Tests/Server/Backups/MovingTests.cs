using MongoDB.Driver;
using SecureDrop.Server.Hosting;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>From a folder to a database and back: the drop is the same, byte for byte.</summary>
public sealed class MovingTests(MongoServer server)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Drop_MovedToADatabaseAndBack_IsTheSame()
    {
        await using var moving = await MovingAsync();
        var lived = moving.Lived;
        var first = await lived.BackUpAsync("first");
        await Command.OkAsync(lived.Drop.Time, ["restore", first, .. moving.Database]);
        // A database is open to several: the command beside a server, or two.
        await using (var again = await lived.Drop.SecondAsync(await MongoServer.OpenAsync(moving.Connection)))
        {
            await Command.OkAsync(lived.Drop.Time, ["backup", lived.File_("second"), .. moving.Database]);
            using var before = await lived.Drop.LoggedInAsync(lived.Drop.DropKeys.Bob);
            using var now = await again.LoggedInAsync(again.DropKeys.Bob);
            foreach (var what in new[] { "texts", "reports", "copies" })
                Assert.Equal(await before.GetByteArrayAsync($"/api/v1/days/{lived.First:yyyy-MM-dd}/{what}"), await now.GetByteArrayAsync($"/api/v1/days/{lived.First:yyyy-MM-dd}/{what}"));
        }
        Assert.Equal(LivedDrop.Read(first), LivedDrop.Read(lived.File_("second")));
        var folder = await lived.RestoreAsync(lived.File_("second"));
        await Command.OkAsync(lived.Drop.Time, "backup", lived.File_("third"), $"--SecureDrop:Drop:DataDirectory={folder}");
        Assert.Equal(LivedDrop.Read(first), LivedDrop.Read(lived.File_("third")));
        Assert.StartsWith("There is a drop here already", await Command.RefusedAsync(lived.Drop.Time, 5, ["restore", first, .. moving.Database]));
    }

    [Fact]
    public async Task Restore_BrokenOffAtEachDay_ShowsNothingAndGoesOn()
    {
        await using var moving = await MovingAsync();
        var lived = moving.Lived;
        var backup = await lived.BackUpAsync();
        for (var whole = 0; whole < lived.Files.Length - 3; whole++)
        {
            await using var stores = await MongoServer.OpenAsync(moving.Connection);
            await BrokenOff.RestoreAsync(lived, stores, backup, Math.Min(whole, 1));
            Assert.Null(await stores.Rosters.ReadAsync(None));
            Assert.Equal(whole, (await stores.Reports.ListDaysAsync(None)).Count + (await stores.DeadDrops.ListAsync(None)).Count + (await stores.DeadDrops.CountCopiesAsync(None)).Count);
        }
        await Command.OkAsync(lived.Drop.Time, ["restore", backup, .. moving.Database]);
        await Command.OkAsync(lived.Drop.Time, ["backup", lived.File_("second"), .. moving.Database]);
        Assert.Equal(LivedDrop.Read(backup), LivedDrop.Read(lived.File_("second")));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task Database_Away_ExitCode1AndOneSentence(string command)
    {
        await using var lived = await LivedDrop.StartAsync();
        var folder = command == "restore" ? await lived.BackUpAsync() : lived.File_("backup");
        File.WriteAllText(lived.File_("mongo"), "mongodb://127.0.0.1:9/?directConnection=true&serverSelectionTimeoutMS=300");
        var sentence = await Command.RefusedAsync(lived.Drop.Time, 1, command, folder, $"--SecureDrop:Mongo:ConnectionStringFile={lived.File_("mongo")}");
        Assert.StartsWith("MongoDB does not answer", sentence);
        Assert.False(Directory.Exists(lived.File_("backup.unfinished")));
    }

    [Fact]
    public async Task Backup_OfADatabaseWhoseNameIsMistyped_SaysSoAndMakesNone()
    {
        await using var moving = await MovingAsync();
        var sentence = await Command.RefusedAsync(moving.Lived.Drop.Time, 5, ["backup", moving.Lived.File_("backup"), .. moving.Database]);
        Assert.Equal($"There is no drop in the database {moving.Connection.Database}: run this with the server's settings, SecureDrop:Mongo:Database among them.", sentence);
        using var client = new MongoClient(moving.Connection.ConnectionString);
        Assert.Empty(await (await client.GetDatabase(moving.Connection.Database).ListCollectionNamesAsync(cancellationToken: None)).ToListAsync(None));
        Assert.False(Directory.Exists(moving.Lived.File_("backup.unfinished")));
    }

    private async Task<Moving> MovingAsync()
    {
        // First: it is skipped where there is none.
        var connection = await server.NewDatabaseAsync();
        var moving = new Moving(await LivedDrop.StartAsync(), connection);
        await File.WriteAllTextAsync(moving.Lived.File_("mongo"), connection.ConnectionString, None);
        return moving;
    }

    private sealed record Moving(LivedDrop Lived, SecureDrop.Server.Storage.Mongo.MongoConnection Connection) : IAsyncDisposable
    {
        public string[] Database => [$"--SecureDrop:Mongo:ConnectionStringFile={Lived.File_("mongo")}", $"--SecureDrop:Mongo:Database={Connection.Database}"];

        public async ValueTask DisposeAsync()
        {
            await MongoServer.DropAsync(Connection);
            await Lived.DisposeAsync();
        }
    }
}
