using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Tests.Vectors;

/// <summary>The rosters of <see cref="OwnVectorWriter"/>, their signatures and the rules of their text; statements and chains are next door.</summary>
internal sealed class OwnRosterVectors
{
    private readonly RosterVectorList _list = new(new TestDrop(reviewers: 2));

    private TestDrop Drop => _list.Drop;

    internal JsonArray Write()
    {
        WriteGood();
        WriteAnswers();
        WriteSignatures();
        WriteJson();
        WriteRules();
        new OwnStatementVectors(_list).Write();
        new OwnChainVectors(_list).Write();
        return _list.Vectors;
    }

    private void WriteGood()
    {
        RosterAnswer answer = _list.Answer();
        Roster lasting = Drop.Roster with { Reviewers = [.. Drop.Roster.Reviewers.Select(r => r with { Recipient = r.Recipient with { LastDay = DateOnly.MaxValue } })] };
        RosterAnswer lastingAnswer = _list.Answer(Encoding.UTF8.GetString(lasting.Write()));
        _list.Take("two reviewers", answer);
        _list.Take("no key in the link", answer, link: null);
        _list.Take("its recipients' last day", answer, day: TestDrop.Today.AddDays(Roster.RotatingRecipientsInDays));
        _list.Refuse("a day after its recipients' last", "closed", answer, day: TestDrop.Today.AddDays(Roster.RotatingRecipientsInDays + 1));
        _list.Take("its own last day", lastingAnswer, day: TestDrop.Today.AddDays(Roster.LifetimeInDays));
        _list.Refuse("a day after its own last", "closed", lastingAnswer, day: TestDrop.Today.AddDays(Roster.LifetimeInDays + 1));
        _list.Take("everything that a roster can hold", _list.Answer(Encoding.UTF8.GetString((Drop.Roster with
        {
            Version = 9_007_199_254_740_991,
            Reviewers = [.. Drop.Roster.Reviewers.Select(r => r with { Name = null })],
            Form = new RosterForm(
                [new RosterCategory("", Text("")), new RosterCategory("__proto__", Text("\u202e"))],
                [new RosterQuestion("", Text("?"), true), new RosterQuestion("constructor", Text("?"), false)]),
            Channels = [.. RosterChannel.Kinds.Select(kind => new RosterChannel(kind, "\u001b[2J<b>", Text(kind)))],
            Notices = [new RosterNotice(DateOnly.MinValue, Text("\n"), Text("\\\"/"))],
            ShardBits = 16,
        }).Write())));
        _list.Take("members that nobody knows", _list.Answer(_list.Edited(roster =>
        {
            roster["later"] = new JsonArray(1, null, true, new JsonObject { ["deep"] = "x" });
            roster["reviewers"]![0]!["later"] = 0;
        })));
        _list.Take("32 levels", _list.Answer(_list.Changed("{\"format\"", $"{{\"x\":{new string('[', 31)}{new string(']', 31)},\"format\"")));
        _list.Take("a reviewer whose recipient has ended is left out", _list.Answer(_list.Edited(roster => roster["reviewers"]![0]!["recipient"]!["lastDay"] = "2026-11-23")), [_list.Own[1]]);
        _list.Take("1,000 origins", _list.Answer(_list.Edited(roster => roster["origins"] = Origins(1000))));
    }

    private void WriteAnswers()
    {
        string text = Encoding.UTF8.GetString(_list.Answer().Write());
        _list.RefuseText("an answer that is empty", "");
        _list.RefuseText("an answer that is null", "null");
        _list.RefuseText("an answer with a byte order mark", "\ufeff" + text);
        _list.RefuseText("an answer with a comma too many", text[..^1] + ",}");
        _list.RefuseText("an answer with a comment", text + "/* */");
        _list.RefuseText("an answer with a member twice", text[..^1] + ",\"recipients\":[]}");
        _list.RefuseText("an answer with a member twice, once escaped", text[..^1] + ",\"recipient\\u0073\":[]}");
        _list.RefuseText("an answer with half of a surrogate pair", text[..^1] + ",\"x\":\"\\ud800\"}");
        _list.RefuseText("an answer with a fraction", text[..^1] + ",\"x\":1.5}");
        _list.RefuseText("an answer whose roster is an object", text.Replace("\"roster\":\"", "\"roster\":{},\"x\":\"", StringComparison.Ordinal));
        _list.RefuseText("an answer whose successors are null", text.Replace("\"successors\":[]", "\"successors\":null", StringComparison.Ordinal));
        _list.RefuseText("an answer whose recipients are numbers", text.Replace("\"recipients\":[]", "\"recipients\":[1]", StringComparison.Ordinal));
        _list.RefuseText("an answer whose dropKey is no key", text.Replace($"\"dropKey\":\"{Drop.DropKey.PublicKey.Text}\",\"successors\"", "\"dropKey\":\"RWQ\",\"successors\"", StringComparison.Ordinal));
        MinisignPublicKey foreign = Drop.Former.Signing.PublicKey;
        _list.Refuse("another drop's link", "link", _list.Answer(), link: foreign.Text);
        _list.Refuse("a first key of the server's own", "link", _list.Answer() with { DropKey = foreign });
        _list.Refuse("a first key of the server's own, no link", "key number", _list.Answer() with { DropKey = foreign }, link: null);
        _list.Refuse("another drop that signed this one's roster", "dropKey", _list.Answer(signer: Drop.Former.Signing) with { DropKey = foreign }, link: foreign.Text);
    }

    private void WriteSignatures()
    {
        RosterAnswer answer = _list.Answer();
        RosterAnswer With(string signature) => answer with { Roster = answer.Roster with { Signature = signature } };
        string good = answer.Roster.Signature;
        _list.Refuse("a digit of the roster changed", "signature", answer with { Roster = answer.Roster with { Statement = Encoding.UTF8.GetBytes(_list.Changed("\"version\":1", "\"version\":3")) } });
        _list.Refuse("a byte after the roster", "signature", answer with { Roster = answer.Roster with { Statement = Encoding.UTF8.GetBytes(_list.Text + " ") } });
        _list.Refuse("no signature", "signature", With(""));
        _list.Refuse("a signature of two lines", "signature", With(string.Join('\n', good.Split('\n')[..2]) + "\n"));
        _list.Refuse("a signature with carriage returns", "signature", With(good.ReplaceLineEndings("\r\n")));
        _list.Refuse("its trusted comment changed", "signature", With(good.Replace("1 roster", "1 poster", StringComparison.Ordinal)));
        _list.Refuse("not prehashed", "algorithm", With(Legacy(good)));
        _list.Refuse("signed by a reviewer", "key number", _list.Answer(signer: Drop.Reviewers[0].Signing));
        foreach (StatementPurpose purpose in Enum.GetValues<StatementPurpose>().Where(purpose => purpose is not StatementPurpose.Roster))
        {
            _list.Refuse($"signed for the purpose {purpose}", "purpose", With(SignedStatement.Sign(purpose, answer.Roster.Statement, Drop.DropKey).Signature));
        }
        _list.Take("another untrusted comment", With(good.Replace(": securedrop/1\n", ": made on a machine without a network\n", StringComparison.Ordinal)));
    }

    private void WriteJson()
    {
        (string What, string Text)[] wrong =
        [
            ("nothing", ""), ("null", "null"), ("a text", "\"x\""), ("a list", "[]"), ("a byte order mark", "\ufeff" + _list.Text), ("a NUL after the end", _list.Text + "\0"),
            ("cut by a byte", _list.Text[..^1]), ("two objects", _list.Text + _list.Text), ("a comma too many", _list.Text[..^1] + ",}"),
            ("a member twice", _list.Text[..^1] + ",\"shardBits\":0}"),
            ("a member twice, once escaped", _list.Text[..^1] + ",\"\\u0073hardBits\":0}"),
            ("a nested member twice", _list.Changed("\"lastDay\":", "\"lastDay\":\"2026-11-24\",\"lastDay\":")),
            ("a member nobody asks for twice", _list.Text[..^1] + ",\"x\":[{\"y\":1,\"y\":1}]}"),
            ("half of a surrogate pair", _list.Changed("Test drop", "\\udc00")),
            ("half of a surrogate pair in a name", _list.Text[..^1] + ",\"\\ud800\":0}"),
            ("a fraction nobody asks for", _list.Text[..^1] + ",\"x\":0.0}"),
            ("an exponent", _list.Changed("\"version\":1", "\"version\":1E0")), ("a plus sign", _list.Changed("\"version\":1", "\"version\":+1")),
            ("a minus sign", _list.Changed("\"version\":1", "\"version\":-1")), ("a leading zero", _list.Changed("\"version\":1", "\"version\":00")),
            ("an integer of 2^53", _list.Changed("\"version\":1", "\"version\":9007199254740992")),
            ("an integer of a thousand digits", _list.Changed("\"version\":1", $"\"version\":{new string('1', 1000)}")),
            ("33 levels", _list.Changed("{\"format\"", $"{{\"x\":{new string('[', 32)}{new string(']', 32)},\"format\"")),
            ("NaN", _list.Changed("\"version\":1", "\"version\":NaN")), ("a line feed in a text", _list.Changed("Test drop", "a\nb")),
            ("an escape that is none", _list.Changed("Test drop", "\\x41")), ("true in capitals", _list.Text[..^1] + ",\"x\":TRUE}"),
        ];
        foreach ((string what, string text) in wrong)
        {
            _list.Refuse($"roster.json: {what}", "roster.json", _list.Answer(text));
        }
    }

    private void WriteRules()
    {
        void Rule(string what, Action<JsonObject> edit) => _list.Refuse($"a rule: {what}", "roster.json", _list.Answer(_list.Edited(edit)));
        foreach (string member in JsonNode.Parse(_list.Text)!.AsObject().Select(member => member.Key))
        {
            Rule($"without {member}", roster => roster.Remove(member));
        }
        JsonObject Reviewer(JsonObject roster, int index) => roster["reviewers"]![index]!.AsObject();
        Rule("no reviewers", roster => roster["reviewers"] = new JsonArray());
        Rule("reviewers that are an object", roster => roster["reviewers"] = new JsonObject());
        Rule("a later format", roster => roster["format"] = "securedrop-roster/2");
        Rule("another format", roster => roster["format"] = "securedrop-successor/1");
        Rule("one reviewer twice", roster => roster["reviewers"]!.AsArray().Add(Reviewer(roster, 0).DeepClone()));
        Rule("one signing key for two", roster => Reviewer(roster, 1)["signingKey"] = Reviewer(roster, 0)["signingKey"]!.DeepClone());
        Rule("a session key that signs", roster => Reviewer(roster, 1)["sessionKey"] = Reviewer(roster, 0)["signingKey"]!.DeepClone());
        Rule("one recipient for two", roster => Reviewer(roster, 1)["recipient"] = Reviewer(roster, 0)["recipient"]!.DeepClone());
        Rule("a name in no language", roster => Reviewer(roster, 0)["name"] = new JsonObject());
        Rule("a reviewer without recipient", roster => Reviewer(roster, 0).Remove("recipient"));
        Rule("a recipient with white space", roster => Reviewer(roster, 0)["recipient"]!["key"] = _list.Own[0].Key + " ");
        Rule("a recipient in capitals", roster => Reviewer(roster, 0)["recipient"]!["key"] = _list.Own[0].Key.ToUpperInvariant());
        Rule("a recipient that is an identity", roster => Reviewer(roster, 0)["recipient"]!["key"] = Age.AgeFiles.SecretText(Drop.Former.Identity));
        Rule("a signing key in lower case", roster => Reviewer(roster, 0)["signingKey"] = Drop.Reviewers[0].Signing.PublicKey.Text.ToLowerInvariant());
        Rule("a day that does not exist", roster => roster["expires"] = "2027-02-29");
        Rule("a day in another spelling", roster => roster["issued"] = "2026-11-4");
        Rule("a day in the year 0", roster => roster["issued"] = "0000-12-31");
        Rule("expires before it is issued", roster => roster["expires"] = "2026-11-23");
        Rule("shardBits of 17", roster => roster["shardBits"] = 17);
        Rule("an unknown kind of channel", roster => roster["channels"] = new JsonArray(new JsonObject { ["kind"] = "Email", ["value"] = "x", ["label"] = new JsonObject { ["en"] = "x" } }));
        Rule("two questions of one id", roster => roster["form"]!["questions"] = new JsonArray(Question(), Question()));
        Rule("two categories of one id", roster => roster["form"]!["categories"] = new JsonArray(Question(), Question()));
        Rule("a label in no language", roster => roster["form"]!["categories"] = new JsonArray(new JsonObject { ["id"] = "x", ["label"] = new JsonObject() }));
        Rule("1,001 origins", roster => roster["origins"] = Origins(1001));
        Rule("an origin that is no text", roster => roster["origins"] = new JsonArray(1));
        Rule("requires in a text", roster => roster["requires"] = "");
        _list.Refuse("an unknown requirement", "requires", _list.Answer(_list.Edited(roster => roster["requires"] = new JsonArray("threshold"))));
        _list.Refuse("an unknown requirement in a roster that is otherwise unreadable", "requires", _list.Answer("{\"format\":\"securedrop-roster/1\",\"requires\":[\"\"]}"));
    }

    private static JsonObject Question() => new() { ["id"] = "x", ["label"] = new JsonObject { ["en"] = "x" }, ["required"] = true };

    private static JsonArray Origins(int count) => [.. Enumerable.Range(0, count).Select(_ => (JsonNode)"x")];

    private static Dictionary<string, string> Text(string text) => new() { ["en"] = text, ["zh-Hans"] = text };

    private static string Legacy(string signature)
    {
        string[] lines = signature.Split('\n');
        byte[] bytes = Convert.FromBase64String(lines[1]);
        bytes[1] = (byte)'d';
        lines[1] = Convert.ToBase64String(bytes);
        return string.Join('\n', lines);
    }
}
