using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.Faults;

/// <summary>The same rounds over a MongoDB, where the server, the database, or the line between them fails. Each has a database of its own to kill.</summary>
public sealed class DatabaseFaultTests
{
    private const int Texts = 90;
    private const int Larger = 10;

    // In between the server gives up on an answer.
    private const int PatienceInMilliseconds = 3_000;
    private const int SilenceInMilliseconds = 5_000;

    [Theory]
    [InlineData("the server is killed")]
    [InlineData("the database is killed")]
    [InlineData("the line is cut off")]
    [InlineData("the line is reset in the midst of an answer")]
    [InlineData("the line is slow")]
    [InlineData("the line is silent for longer than anybody waits")]
    public async Task Uploads_WhileSomethingFails_LoseNothingThatWasAcknowledged(string what)
    {
        Assert.SkipWhen(MongoProcess.SkipReason is not null, MongoProcess.SkipReason ?? "");
        for (var round = 0; round < FaultRounds.Count(1); round++)
        {
            await using var database = await MongoProcess.StartAsync();
            await using var line = new FaultyLine(database.Port);
            using var folder = new TemporaryFolder();
            await File.WriteAllTextAsync(folder.File("mongo"), $"mongodb://127.0.0.1:{line.Port}/?directConnection=true&serverSelectionTimeoutMS=1000&socketTimeoutMS={PatienceInMilliseconds}");
            await using var server = await KillableServer.StartAsync($"--SecureDrop:Mongo:ConnectionStringFile={folder.File("mongo")}", "--SecureDrop:Mongo:Database=faults");
            await KilledServerTests.KillAmidAsync(server, round, Texts, Larger, what switch
            {
                "the server is killed" => async () =>
                {
                    await server.KillAsync();
                    await server.StartAgainAsync();
                },
                "the database is killed" => async () =>
                {
                    await database.KillAsync();
                    await database.StartAgainAsync();
                },
                "the line is cut off" => async () =>
                {
                    line.Cut();
                    await Task.Delay(500);
                    line.Mend();
                },
                "the line is slow" => async () =>
                {
                    line.Slow(300);
                    await Task.Delay(2000);
                    line.Mend();
                },
                "the line is silent for longer than anybody waits" => async () =>
                {
                    line.Silence();
                    await Task.Delay(SilenceInMilliseconds);
                    line.Mend();
                },
                _ => () =>
                {
                    line.ResetAfter(37);
                    return Task.CompletedTask;
                },
            });
            // Of its own accord it says that the database was away, and nothing else.
            Assert.All(server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                sentence => Assert.Matches("^(warning: MongoDB [^\n]+ It is asked again until it does|the store answers again)$", sentence.TrimEnd()));
        }
    }
}
