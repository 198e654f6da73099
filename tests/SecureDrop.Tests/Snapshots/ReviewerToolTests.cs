using System.CommandLine;
using System.Text;
using System.Text.Json;
using SecureDrop.Reviewer.Commands;
using SecureDrop.Tests.Reviewer;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Snapshots;

/// <summary>What people and scripts rely on: every help text, and the members of every JSON document. With <c>UPDATE_SNAPSHOTS=1</c> they are
/// written anew, and what has changed is to be read before it is kept.</summary>
public sealed class ReviewerToolTests
{
    [Fact]
    public async Task Help_OfEveryCommand_IsTheOneInTheRepository()
    {
        using TestDesk desk = new();
        StringBuilder all = new();
        foreach (IReadOnlyList<string> names in Commands(ReviewerProgram.Build(Surroundings.OfProcess())))
        {
            all.Append("$ ").AppendJoin(' ', names.Prepend("reviewer")).Append(" --help\n");
            all.Append((await desk.OkAsync([.. names, "--help"])).ReplaceLineEndings("\n"));
        }

        Snapshot.Compare("tests/SecureDrop.Tests/Snapshots/reviewer-help.txt", all.ToString());
    }

    [Fact]
    public async Task Json_OfEveryCommand_HasTheMembersInTheRepository()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        using SourceAtWork source = new(at.Drop);
        await source.TellAsync("hello", change: r => r with { Category = "fraud", Contact = "by post", Answers = new Dictionary<string, string> { ["when"] = "today" } },
            files: [TestDrop.Attach("a.pdf", [1])]);
        TestDesk desk = at.Desk;
        using TestDesk reviewer = new(at.Drop.Time), holder = new(at.Drop.Time);
        StringBuilder all = new();
        await ShapeAsync(reviewer, "init", "--reviewer", "--as", "Ben", "--link", at.Link, "--server", at.Drop.Server.ReviewerAddress);
        await ShapeAsync(desk, "sync");
        string handle = await at.OnlyHandleAsync(), text = desk.File_("text"), card = reviewer.File_("card.json");
        await File.WriteAllTextAsync(text, "Thank you.");
        await ShapeAsync(desk, "inbox");
        await ShapeAsync(desk, "reply", handle, text);
        await ShapeAsync(desk, "open", handle, "--out", desk.File_("case"));
        await ShapeAsync(desk, "status");
        await ShapeAsync(desk, "key", "renew");
        await ShapeAsync(desk, "key", "export");
        await ShapeAsync(desk, "roster", "show");
        await reviewer.OkAsync("key", "export", "--out", card);
        await ShapeAsync(desk, "roster", "add", card, "--yes");
        await ShapeAsync(desk, "roster", "sign");
        await ShapeAsync(desk, "roster", "publish");
        await ShapeAsync(desk, "roster", "remove", "Ben", "--yes");
        await ShapeAsync(desk, "roster", "successor", "--new-drop-key", desk.File_("next.age"));
        await ShapeAsync(holder, "roster", "draft", "--name", "P", "--url", "http://localhost:8080");
        await ShapeAsync(reviewer, "join", at.Link);
        await ShapeAsync(desk, "delete", handle, "--yes");
        await ShapeAsync(desk, "day", "end", "2026-11-24", "--yes");
        using TestDesk first = new();
        await ShapeAsync(first, "init", "--name", "P", "--url", "http://localhost:8080");
        Snapshot.Compare("tests/SecureDrop.Tests/Snapshots/reviewer-json.txt", all.ToString());

        async Task ShapeAsync(TestDesk at, params string[] line)
        {
            string verb = string.Join(' ', line.TakeWhile((word, i) => i < (line[0] is "key" or "roster" or "day" ? 2 : 1) || word == "--reviewer"));
            using JsonDocument json = JsonDocument.Parse(await at.OkAsync([.. line, "--json"]));
            all.Append("$ reviewer ").Append(verb).Append(" --json\n");
            Write(all, "", json.RootElement);
            all.Append('\n');
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Commands(Command command) =>
        command.Subcommands.SelectMany(sub => Commands(sub).Select(rest => (IReadOnlyList<string>)[sub.Name, .. rest])).Prepend([]);

    private static void Write(StringBuilder all, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    Write(all, $"{path}.{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                Write(all, path + "[]", value[0]);
                break;
            default:
                all.Append(path).Append(' ').Append(value.ValueKind switch
                {
                    JsonValueKind.True or JsonValueKind.False => "boolean", JsonValueKind.Array => "(empty list)", _ => value.ValueKind.ToString().ToLowerInvariant(),
                }).Append('\n');
                break;
        }
    }
}
