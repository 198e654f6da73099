using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>What people write for the next roster: a commented file, read strictly so that a typing error is named and not passed over.
/// Who the reviewers are stands in <see cref="RosterMembers"/>, which commands change and comments would not survive.</summary>
internal sealed class RosterDraft
{
    public required Dictionary<string, string> Name { get; init; }

    public required List<string> Origins { get; init; }

    public int DaysValid { get; set; } = Roster.LifetimeInDays;

    public int RecipientDays { get; set; } = Roster.LifetimeInDays;

    public List<DraftCategory> Categories { get; set; } = [];

    public List<DraftQuestion> Questions { get; set; } = [];

    public List<DraftChannel> Channels { get; set; } = [];

    public List<DraftNotice> Notices { get; set; } = [];

    public int ShardBits { get; set; }

    /// <exception cref="ReviewerException">Not there, or not to be understood, and where.</exception>
    public static RosterDraft Read(string path)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.NotFound, $"There is no draft at {path}. `reviewer roster draft` writes one to begin with.", e);
        }

        try
        {
            RosterDraft draft = JsonSerializer.Deserialize(text, DraftJson.Default.RosterDraft) ?? throw new JsonException("it is empty");
            return draft switch
            {
                not { DaysValid: >= 1 and <= 3660, RecipientDays: >= 1 and <= 3660 } => throw new JsonException("daysValid and recipientDays are numbers from 1 to 3660"),
                _ when draft.Name.Count == 0 || draft.Name.Values.Any(string.IsNullOrWhiteSpace) => throw new JsonException("name says in no language, or in one with nothing, whose drop this is"),
                _ => draft,
            };
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $" (line {line + 1})" : "";
            throw new ReviewerException(ExitCode.BadInput, $"{path} cannot be understood{where}: {e.Message.Split(" Path:")[0].TrimEnd('.')}.", e);
        }
    }

    /// <summary>The first draft, with what each member is for.</summary>
    /// <exception cref="ReviewerException">The name is empty.</exception>
    public static void WriteTemplate(string path, string name, string origin, bool overwrite)
    {
        RequireName(name);
        string text = $$"""
            // What the page of your drop says, and asks. Edit it, then: reviewer roster sign, reviewer roster publish.
            // Who the reviewers are is not here: reviewer roster add, reviewer roster remove.
            // Texts stand per language: "en" and "zh-Hans"; what has only one is shown in that one.
            {
              // Whose drop this is.
              "name": { "en": {{Quote(name)}} },

              // Where sources open it. The page warns anywhere else.
              "origins": [{{Quote(origin)}}],

              // Days until the roster ends. A page cannot know that a newer one exists, so keep it short and renew in time.
              "daysValid": {{Roster.LifetimeInDays}},

              // Days for which the reviewers' keys in the roster itself are sealed to. Set {{Roster.RotatingRecipientsInDays}} once all of you run
              // `reviewer key renew` every week; otherwise the rotation protects nothing.
              "recipientDays": {{Roster.LifetimeInDays}},

              // One may be chosen. No categories: the page does not ask.
              "categories": [
                // { "id": "fraud", "label": { "en": "Fraud", "zh-Hans": "欺诈" } },
                // { "id": "safety", "label": { "en": "Danger to people", "zh-Hans": "人身安全" } }
              ],

              // Asked besides "What happened?". Each answer makes a source easier to find: ask little.
              "questions": [
                // { "id": "where", "label": { "en": "Where did it happen?", "zh-Hans": "在哪里发生？" }, "required": false }
              ],

              // Other ways to reach you, shown when the drop is closed too. kind: telephone, post, email, web, other.
              "channels": [
                // { "kind": "post", "value": "P.O. Box 1, Town", "label": { "en": "By post", "zh-Hans": "邮寄" } }
              ],

              // News for sources, plain text.
              "notices": [
                // { "day": "2026-01-31", "title": { "en": "…" }, "text": { "en": "…" } }
              ],

              // 0 until one dead drop a day has grown too large to download.
              "shardBits": 0
            }

            """;
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text), overwrite);
    }

    /// <summary>The drop's name as an option gives it.</summary>
    /// <exception cref="ReviewerException">It is empty.</exception>
    public static void RequireName(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ReviewerException(ExitCode.BadInput, "--name is empty: sources would not read whose drop it is.");
        }
    }

    /// <summary>The roster of this draft and these reviewers.</summary>
    /// <exception cref="ReviewerException">It would not be a roster.</exception>
    public Roster Build(RosterMembers members, long version, DateOnly today)
    {
        DateOnly expires = today.AddDays(DaysValid);
        DateOnly recipientsEnd = today.AddDays(Math.Min(RecipientDays, DaysValid));
        return new Roster
        {
            DropKey = members.RequireDropKey(),
            Name = Name,
            Version = version,
            Issued = today,
            Expires = expires,
            // As pages compare them: one with a slash at its end would have every source warned of a copy.
            Origins = [.. Origins.Select(origin => ServerAddress.Origin(origin ?? "", "Each of \"origins\" in the draft")).Distinct()],
            Reviewers = [.. members.Reviewers.Select(card => card.ToReviewer(recipientsEnd))],
            Former = [.. members.Former.Select(f => f.ToFormer())],
            Form = new RosterForm([.. Categories.Select(c => new RosterCategory(c.Id, c.Label))],
                [.. Questions.Select(q => new RosterQuestion(q.Id, q.Label, q.Required))]),
            Channels = [.. Channels.Select(c => new RosterChannel(c.Kind, c.Value, c.Label))],
            Notices = [.. Notices.Select(n => new RosterNotice(n.Day, n.Title, n.Text))],
            ShardBits = ShardBits,
        };
    }

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";
}

internal sealed record DraftCategory(string Id, Dictionary<string, string> Label);

internal sealed record DraftQuestion(string Id, Dictionary<string, string> Label, bool Required = false);

internal sealed record DraftChannel(string Kind, string Value, Dictionary<string, string> Label);

internal sealed record DraftNotice(DateOnly Day, Dictionary<string, string> Title, Dictionary<string, string> Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RosterDraft))]
internal sealed partial class DraftJson : JsonSerializerContext;
