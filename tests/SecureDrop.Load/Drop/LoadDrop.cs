using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Load.Drop;

/// <summary>A drop of the run's own: servers as they are shipped, a roster of one reviewer, and that reviewer's keys, to see afterwards what arrived.</summary>
internal sealed class LoadDrop : IDisposable
{
    private const int IdSizeInBytes = 16;

    private readonly MinisignKeyPair _drop = MinisignKeyPair.Generate();
    private readonly MinisignKeyPair _signing = MinisignKeyPair.Generate();
    private readonly MinisignKeyPair _session = MinisignKeyPair.Generate();
    private readonly HybridIdentity _age = HybridIdentity.Generate();

    private LoadDrop(IReadOnlyList<ServerProcess> servers) => Servers = servers;

    internal IReadOnlyList<ServerProcess> Servers { get; }

    /// <summary>Starts the servers and publishes the roster.</summary>
    /// <param name="folder">Where their data lie, unless the variables name a database.</param>
    /// <param name="servers">How many; more than one needs a database.</param>
    /// <param name="variables">Settings by environment.</param>
    /// <param name="settings">Further settings, as the command line takes them.</param>
    internal static async Task<LoadDrop> StartAsync(ScratchFolder folder, int servers, Dictionary<string, string> variables, params string[] settings)
    {
        LoadDrop drop = new([.. Enumerable.Range(0, servers).Select(n => ServerProcess.Start(variables.Count == 0 ? folder.File($"server-{n}") : null, variables, settings))]);
        using HttpClient http = new() { BaseAddress = drop.Servers[0].Reviewers };
        DateOnly today = Clock.Today();
        Roster roster = new()
        {
            DropKey = drop._drop.PublicKey, Name = new Dictionary<string, string> { ["en"] = "Load" }, Version = 1, Issued = today,
            Expires = today.AddDays(Roster.LifetimeInDays),
            Reviewers = [new RosterReviewer(null, drop._signing.PublicKey, drop._session.PublicKey, new RosterRecipient(drop._age.Recipient, today.AddDays(Roster.LifetimeInDays)))],
        };
        SignedStatement signed = SignedStatement.Sign(StatementPurpose.Roster, roster.Write(), drop._drop);
        // Of servers over one database the token of the last one started is good.
        using HttpResponseMessage answer = await http.PutAsync("/api/v1/roster", Json(signed, drop.Servers[^1].SetupToken));
        await RefusedException.ThrowIfRefusedAsync(answer);
        return drop;
    }

    /// <summary>All that reviewers can fetch now, whole: the number of each body, by its digest.</summary>
    internal async Task<Dictionary<string, int>> FetchAsync()
    {
        using HttpClient http = await LogInAsync();
        Dictionary<string, int> bodies = [];
        using JsonDocument days = JsonDocument.Parse(await http.GetByteArrayAsync("/api/v1/days"));
        foreach (string day in days.RootElement.EnumerateArray().Select(listed => listed.GetProperty("day").GetString()!))
        {
            HashSet<string> texts = await CountTextsAsync(http, day, bodies);
            int listed = 0;
            string after = "";
            while (true)
            {
                using JsonDocument page = JsonDocument.Parse(await http.GetByteArrayAsync($"/api/v1/days/{day}/reports{after}"));
                if (page.RootElement.GetArrayLength() == 0)
                {
                    break;
                }

                foreach (JsonElement report in page.RootElement.EnumerateArray())
                {
                    string id = report.GetProperty("id").GetString()!;
                    after = "?after=" + id;
                    if (texts.Contains(id))
                    {
                        listed++;
                        continue;
                    }

                    await using Stream stream = await http.GetStreamAsync($"/api/v1/reports/{id}");
                    Add(bodies, await SHA256.HashDataAsync(stream));
                }
            }

            if (listed < texts.Count)
            {
                throw new InvalidOperationException($"Of {day} {texts.Count} texts can be read and {listed} of them are listed.");
            }
        }

        return bodies;
    }

    public void Dispose()
    {
        foreach (ServerProcess server in Servers)
        {
            server.Dispose();
        }

        _drop.Dispose();
        _signing.Dispose();
        _session.Dispose();
        _age.Dispose();
    }

    private static void Add(Dictionary<string, int> bodies, byte[] digest)
    {
        string text = Convert.ToHexStringLower(digest);
        bodies[text] = bodies.GetValueOrDefault(text) + 1;
    }

    /// <returns>The ids of the day's texts.</returns>
    private static async Task<HashSet<string>> CountTextsAsync(HttpClient http, string day, Dictionary<string, int> bodies)
    {
        await using Stream stream = await http.GetStreamAsync($"/api/v1/days/{day}/texts");
        byte[] head = new byte[IdSizeInBytes + sizeof(uint)];
        HashSet<string> ids = [];
        while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(IdSizeInBytes))];
            await stream.ReadExactlyAsync(body);
            Add(bodies, SHA256.HashData(body));
            ids.Add(Convert.ToHexStringLower(head.AsSpan(0, IdSizeInBytes)));
        }

        return ids;
    }

    private async Task<HttpClient> LogInAsync()
    {
        HttpClient http = new() { BaseAddress = Servers[0].Reviewers, Timeout = TimeSpan.FromMinutes(10) };
        using HttpResponseMessage asked = await http.PostAsync("/api/v1/session/challenge", null);
        string challenge = await MemberAsync(asked, "challenge");
        byte[] statement = new SessionStatement(Servers[0].Reviewers.GetLeftPart(UriPartial.Authority), challenge, _session.PublicKey).Write();
        using HttpResponseMessage answered = await http.PostAsync("/api/v1/session", Json(SignedStatement.Sign(StatementPurpose.Session, statement, _session)));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await MemberAsync(answered, "token"));
        return http;
    }

    private static async Task<string> MemberAsync(HttpResponseMessage answer, string name)
    {
        await RefusedException.ThrowIfRefusedAsync(answer);
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return document.RootElement.GetProperty(name).GetString()!;
    }

    private static ByteArrayContent Json(SignedStatement signed, string? setupToken = null)
    {
        ByteArrayContent content = new(StrictJson.Write(json =>
        {
            signed.WriteMembers(json);
            if (setupToken is not null)
            {
                json.WriteString("setupToken", setupToken);
            }
        }));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
