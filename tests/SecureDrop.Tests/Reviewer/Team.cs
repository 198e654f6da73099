using System.Text.Json;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Tests.Server;

namespace SecureDrop.Tests.Reviewer;

/// <summary>A drop set up from the command line alone as the document for reviewers says: a machine with the drop key, two reviewers, and a
/// machine that only carries the roster to the server.</summary>
internal sealed class Team : IAsyncDisposable
{
    private Team(RunningDrop drop)
    {
        Drop = drop;
        (Holder, Ana, Ben, Courier) = (new TestDesk(drop.Time), new TestDesk(drop.Time), new TestDesk(drop.Time), new TestDesk(drop.Time));
    }

    public RunningDrop Drop { get; }

    /// <summary>Has the drop key, and no keystore.</summary>
    public TestDesk Holder { get; }

    public TestDesk Ana { get; }

    public TestDesk Ben { get; }

    /// <summary>Has no key at all.</summary>
    public TestDesk Courier { get; }

    public string Stick => Holder.File_("stick-drop-key.age");

    public string Link { get; private set; } = "";

    public string Server => Drop.Server.ReviewerAddress;

    public static async Task<Team> StartAsync()
    {
        Team team = new(await RunningDrop.EmptyAsync());
        await team.Holder.OkAsync("roster", "draft", "--name", "The Paper", "--url", "http://localhost:8080", "--drop-key", team.Stick);
        foreach ((TestDesk desk, string name) in new[] { (team.Ana, "Ana"), (team.Ben, "Ben") })
        {
            await desk.OkAsync("init", "--reviewer", "--as", name);
            await team.Holder.OkAsync("roster", "add", await CardAsync(desk), "--yes");
        }

        await team.SignAsync();
        string token = team.Courier.File_("token.txt");
        await File.WriteAllTextAsync(token, team.Drop.SetupToken + "\n");
        using JsonDocument published = JsonDocument.Parse(await team.PublishAsync("--setup-token-file", token));
        team.Link = published.RootElement.GetProperty("done").GetString()!;
        await team.Ana.OkAsync("join", team.Link, "--server", team.Server);
        await team.Ben.OkAsync("join", team.Link, "--server", team.Server);
        return team;
    }

    public static async Task<string> CardAsync(TestDesk desk)
    {
        string card = desk.File_("card.json");
        File.Delete(card);
        await desk.OkAsync("key", "export", "--out", card);
        return card;
    }

    public Task<string> SignAsync() => Holder.OkAsync("roster", "sign", "--drop-key", Stick);

    /// <summary>Carries the signed files to the machine with a network, and from there to the server.</summary>
    public async Task<string> PublishAsync(params string[] more)
    {
        Carry();
        return await Courier.OkAsync(["roster", "publish", "--server", Server, "--json", .. more]);
    }

    public void Carry()
    {
        Courier.HomeDirectory.Create();
        foreach (string file in new[] { Holder.HomeDirectory.Roster, Holder.HomeDirectory.RosterSignature })
        {
            File.Copy(file, Path.Combine(Courier.Home, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>A roster that the drop key signed, of any kind.</summary>
    public SignedStatement SignedByDropKey(Func<Roster, Roster> change)
    {
        using MinisignKeyPair dropKey = DropKeyFile.Read(Stick, "correct horse"u8);
        Roster last = Roster.Parse(File.ReadAllBytes(Holder.HomeDirectory.Roster));
        return SignedStatement.Sign(StatementPurpose.Roster, change(last).Write(), dropKey);
    }

    /// <summary>What the tool itself would never sign.</summary>
    public SignedStatement WithoutReviewersSignedByDropKey(long version)
    {
        using MinisignKeyPair dropKey = DropKeyFile.Read(Stick, "correct horse"u8);
        JsonNode roster = JsonNode.Parse(File.ReadAllBytes(Holder.HomeDirectory.Roster))!;
        roster["version"] = version;
        roster["reviewers"] = new JsonArray();
        return SignedStatement.Sign(StatementPurpose.Roster, System.Text.Encoding.UTF8.GetBytes(roster.ToJsonString()), dropKey);
    }

    public async ValueTask DisposeAsync()
    {
        Holder.Dispose();
        Ana.Dispose();
        Ben.Dispose();
        Courier.Dispose();
        await Drop.DisposeAsync();
    }
}
