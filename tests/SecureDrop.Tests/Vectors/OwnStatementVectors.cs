using System.Text;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Tests.Vectors;

/// <summary>Recipient statements in <c>own/rosters.json</c>: which one counts, and which are passed over and spoil no other.</summary>
internal sealed class OwnStatementVectors(RosterVectorList list)
{
    private static readonly DateOnly Today = TestDrop.Today;

    private readonly HybridRecipient[] _keys = [.. Enumerable.Range(0, 2).Select(_ => HybridIdentity.Generate().Recipient)];

    private TestReviewer Owner => list.Drop.Reviewers[0];

    internal void Write()
    {
        Taken("alone", New());
        Taken("on its first day and its last", New() with { FirstDay = Today, LastDay = Today });
        Taken("of 31 days", New() with { FirstDay = Today.AddDays(-30), LastDay = Today });
        Taken("of serial 0", New() with { Serial = 0 });
        Counts("the highest serial, first", _keys[1], [Sign(New() with { Serial = 8, Key = _keys[1] }), Sign(New())]);
        Counts("the highest serial, last", _keys[1], [Sign(New()), Sign(New() with { Serial = 8, Key = _keys[1] })]);
        Counts("of two of one serial the first", _keys[0], [Sign(New()), Sign(New() with { Key = _keys[1] })]);
        Counts("the highest serial has not begun", _keys[0], [Sign(New() with { Serial = 8, Key = _keys[1], FirstDay = Today.AddDays(1) }), Sign(New())]);
        Counts("the highest serial has ended", _keys[0], [Sign(New() with { Serial = 8, Key = _keys[1], FirstDay = Today.AddDays(-3), LastDay = Today.AddDays(-1) }), Sign(New())]);
        Counts("members that nobody knows", _keys[0], [Sign(Text(New()).Replace("{\"format\"", "{\"x\":{\"y\":[]},\"format\"", StringComparison.Ordinal))]);
        DateOnly late = Today.AddDays(Roster.RotatingRecipientsInDays + 1);
        list.Take(
            "a statement when the roster's own recipients have ended",
            list.Answer() with { Recipients = [Sign(New() with { LastDay = late })] },
            [(0, _keys[0].Text, "statement")],
            day: late);
        foreach ((string what, SignedStatement bad) in PassedOver())
        {
            list.Take($"a statement {what} is passed over", list.Answer() with { Recipients = [bad] });
            Counts($"one {what} spoils no other", _keys[1], [bad, Sign(New() with { Serial = 1, Key = _keys[1] })]);
        }
    }

    private IEnumerable<(string What, SignedStatement Statement)> PassedOver()
    {
        TestReviewer second = list.Drop.Reviewers[1];
        string text = Text(New());
        string Changed(string from, string to) => text.Replace(from, to, StringComparison.Ordinal);
        SignedStatement good = Sign(New());
        yield return ("of tomorrow", Sign(New() with { FirstDay = Today.AddDays(1) }));
        yield return ("of yesterday", Sign(New() with { FirstDay = Today.AddDays(-7), LastDay = Today.AddDays(-1) }));
        yield return ("of 32 days", Sign(New() with { LastDay = Today.AddDays(31) }));
        yield return ("of no day", Sign(New() with { FirstDay = Today.AddDays(1), LastDay = Today }));
        yield return ("for another drop", Sign(New() with { DropKey = second.Signing.PublicKey }));
        yield return ("by a stranger", Sign(New() with { SigningKey = list.Drop.Former.Session.PublicKey }, list.Drop.Former.Session));
        yield return ("by a former reviewer", Sign(New() with { SigningKey = list.Drop.Former.Signing.PublicKey }, list.Drop.Former.Signing));
        yield return ("by another reviewer", Sign(New(), second.Signing));
        yield return ("by the session key", Sign(New(), Owner.Session));
        yield return ("by the drop key", Sign(New(), list.Drop.DropKey));
        yield return ("in the name of the drop key", Sign(New() with { SigningKey = list.Drop.DropKey.PublicKey }, list.Drop.DropKey));
        yield return ("signed as a report", SignedStatement.Sign(StatementPurpose.Report, good.Statement, Owner.Signing));
        yield return ("with a serial that was changed", good with { Statement = Encoding.UTF8.GetBytes(Changed("\"serial\":7", "\"serial\":9")) });
        yield return ("with a space after it", good with { Statement = Encoding.UTF8.GetBytes(text + " ") });
        yield return ("with another's signature", good with { Signature = Sign(New() with { Serial = 6 }).Signature });
        yield return ("with no signature", good with { Signature = "" });
        yield return ("with a member twice", Sign(Changed("\"serial\":7", "\"serial\":7,\"serial\":7")));
        yield return ("with a member twice, deep inside", Sign(Changed("\"lastDay\":", "\"lastDay\":\"2026-11-24\",\"lastDay\":")));
        yield return ("with a serial of 2^53", Sign(Changed("\"serial\":7", "\"serial\":9007199254740992")));
        yield return ("with a serial that is null", Sign(Changed("\"serial\":7", "\"serial\":null")));
        yield return ("of a later format", Sign(Changed("recipient/1", "recipient/2")));
        yield return ("with a classic recipient", Sign(Changed(_keys[0].Text, "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj")));
        yield return ("with a recipient in capitals", Sign(Changed(_keys[0].Text, _keys[0].Text.ToUpperInvariant())));
        yield return ("with a recipient that is cut", Sign(Changed(_keys[0].Text, _keys[0].Text[..^1])));
        yield return ("without days", Sign(Changed("\"firstDay\"", "\"first\"")));
        yield return ("that is a list", Sign("[]"));
        yield return ("that is empty", Sign(""));
    }

    private RecipientStatement New() => new(list.Drop.DropKey.PublicKey, Owner.Signing.PublicKey, 7, _keys[0], Today, Today.AddDays(6));

    private static string Text(RecipientStatement statement) => Encoding.UTF8.GetString(statement.Write());

    private SignedStatement Sign(RecipientStatement statement, MinisignKeyPair? signer = null) =>
        SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), signer ?? Owner.Signing);

    private SignedStatement Sign(string text) => SignedStatement.Sign(StatementPurpose.Recipient, Encoding.UTF8.GetBytes(text), Owner.Signing);

    private void Taken(string what, RecipientStatement statement) => Counts(what, statement.Key, [Sign(statement)]);

    private void Counts(string what, HybridRecipient key, IReadOnlyList<SignedStatement> statements) =>
        list.Take($"a statement: {what}", list.Answer() with { Recipients = statements }, [(0, key.Text, "statement"), list.Own[1]]);
}
