using System.Net;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Tests.Reviewer;
using SecureDrop.Tests.Server.Storage.Mongo;
using Xunit;

namespace SecureDrop.Tests.Server.SeveralServers;

/// <summary>One drop on three servers: whatever a client does, each of its requests may reach another.</summary>
public sealed class ThreeServersTests(MongoServer database)
{
    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Upload_WhosePartsGoToAllThree_IsFetchedByATool_ThatAsksAllThree()
    {
        await using var three = await ThreeServers.StartAsync(database);
        using var desk = await SetUpAsync(three);
        using SourceAtWork source = new(three.Source, () => Today);
        var attachment = System.Security.Cryptography.RandomNumberGenerator.GetBytes(3 << 20);
        await source.TellAsync("told to three", files: new AttachmentSource("plan.bin", "application/octet-stream", () => new MemoryStream(attachment)));
        var parts = three.Sources.Taken.Where(taken => taken.Request.Contains("/parts/", StringComparison.Ordinal)).ToList();
        Assert.True(parts.Count >= 3);
        Assert.Equal([0, 1, 2], parts.Select(part => part.Server).Distinct().Order());

        await desk.OkAsync("sync");
        Assert.Equal([0, 1, 2], three.Reviewers.Taken.Select(taken => taken.Server).Distinct().Order());
        using var inbox = JsonDocument.Parse(await desk.OkAsync("inbox", "--json"));
        var handle = Assert.Single(inbox.RootElement.GetProperty("reports").EnumerateArray()).GetProperty("handle").GetString()!;
        Assert.Contains("told to three", await desk.OkAsync("open", handle));
        await File.WriteAllTextAsync(desk.File_("answer"), "heard by all\n");
        await desk.OkAsync("reply", handle, desk.File_("answer"));
        await desk.OkAsync("sync");
    }

    [Fact]
    public async Task Ticket_UsedAtAllThreeAtOnce_ServesOnce()
    {
        await using var three = await ThreeServers.StartAsync(database);
        using var desk = await SetUpAsync(three);
        var upload = await UploadClient.NewAsync(three.Source);
        HttpClient[] servers = [.. Enumerable.Range(0, 3).Select(three.SourceOf)];
        byte[][] texts = [.. servers.Select(_ => SealedBytes.Text())];
        var answers = await Task.WhenAll(servers.Select((server, n) => upload.At(server).PutTextAsync(texts[n])));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Order());
        // The same again, wherever it is sent: it is there.
        var stored = Array.IndexOf(answers, HttpStatusCode.NoContent);
        foreach (var server in servers)
        {
            Assert.Equal(HttpStatusCode.NoContent, await upload.At(server).PutTextAsync(texts[stored]));
            Assert.Equal(0, Assert.Single(await upload.At(server).PartsAsync()));
        }
        // And of a large one, begun at one server and committed at all at once: one report.
        var large = await UploadClient.NewAsync(three.Source);
        var bytes = SealedBytes.Large();
        var parts = UploadClient.Cut(bytes);
        for (var n = 0; n < parts.Count; n++)
            Assert.Equal(HttpStatusCode.NoContent, await large.At(servers[n % 3]).PutPartAsync(n, parts[n]));
        Assert.All(await Task.WhenAll(servers.Select(server => large.At(server).CommitAsync(parts.Count, bytes.Length))), answer => Assert.Equal(HttpStatusCode.NoContent, answer));
        Array.ForEach(servers, server => server.Dispose());

        using var client = new MongoClient(three.Connection.ConnectionString);
        Assert.Equal(2, await client.GetDatabase(three.Connection.Database).GetCollection<BsonDocument>("reports").CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty));
    }

    [Fact]
    public async Task Roster_PublishedAtOneServer_IsHandedOutByAllAtOnce()
    {
        await using var three = await ThreeServers.StartAsync(database);
        using var desk = await SetUpAsync(three);
        Assert.All(await VersionsAsync(three), version => Assert.Equal(1, version));
        for (var version = 2; version <= 4; version++)
        {
            await desk.OkAsync("roster", "sign");
            await desk.OkAsync("roster", "publish");
            Assert.All(await VersionsAsync(three), handedOut => Assert.Equal(version, handedOut));
        }
    }

    private static async Task<long[]> VersionsAsync(ThreeServers three) => await Task.WhenAll(Enumerable.Range(0, 3).Select(async n =>
    {
        using var server = three.SourceOf(n);
        return RosterVerifier.Verify(RosterAnswer.Parse(await server.GetByteArrayAsync("/api/v1/roster")), null, Today).Roster.Version;
    }));

    /// <summary>A tool that made the first roster, of one reviewer, and knows the balancer alone.</summary>
    private static async Task<TestDesk> SetUpAsync(ThreeServers three)
    {
        TestDesk desk = new();
        await desk.OkAsync("init", "--name", "Paper", "--url", "http://localhost:8080", "--server", $"http://{three.Reviewers.Address.Authority}", "--as", "Ana");
        await File.WriteAllTextAsync(desk.File_("token"), $"setup-token: {three.SetupToken}\n");
        await desk.OkAsync("roster", "publish", "--setup-token-file", desk.File_("token"));
        return desk;
    }
}
