using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Tests.Vectors;

/// <summary>
/// <c>own/acceptance.json</c>: a server that holds <c>present</c> is given one statement more. For C# alone: the page brings no statements.
/// </summary>
internal sealed class OwnAcceptanceVectors
{
    private readonly TestDrop _drop = new(reviewers: 2);
    private readonly MinisignKeyPair _next = MinisignKeyPair.Generate();
    private readonly JsonArray _vectors = [];

    internal JsonArray Write()
    {
        Roster second = _drop.Roster with { Version = 2 };
        RosterAnswer first = new(_drop.DropKey.PublicKey, [], Sign(_drop.Roster), []);
        SignedStatement successor = SignedStatement.Sign(StatementPurpose.Successor, new Successor(_drop.DropKey.PublicKey, _next.PublicKey).Write(), _drop.DropKey);
        WriteRosters(first, second, successor);
        WriteRecipients(first);
        WriteSuccessors(first, successor);
        return _vectors;
    }

    private void WriteRosters(RosterAnswer first, Roster second, SignedStatement successor)
    {
        RosterAnswer held = first with { Roster = Sign(second) };
        Add("roster", "a higher version", first, Sign(second), null);
        Add("roster", "a version far higher", first, Sign(second with { Version = StrictObject.LargestInteger }), null);
        Add("roster", "the one that is there", held, held.Roster, null);
        Add("roster", "an older version", held, first.Roster, RosterCheck.Version);
        Add("roster", "the same version, other words", held, Sign(second with { Origins = ["http://elsewhere"] }), RosterCheck.Version);
        Add("roster", "expired", first, Sign(second with { Issued = TestDrop.Today.AddDays(-90), Expires = TestDrop.Today.AddDays(-1) }), RosterCheck.Expired);
        Add("roster", "expires today", first, Sign(second with { Expires = TestDrop.Today }), null);
        Add("roster", "of another drop", first, Sign(second with { DropKey = _next.PublicKey }), RosterCheck.DropKey);
        Add("roster", "by a stranger", first, Sign(second, _next), RosterCheck.KeyNumber);
        Add("roster", "by a reviewer", first, Sign(second, _drop.Reviewers[0].Signing), RosterCheck.KeyNumber);
        Add("roster", "by the key that a successor held back names", first, Sign(second, _next), null, successor);
        Add("roster", "by the old key after its successor signed", first with { Successors = [successor], Roster = Sign(second, _next) }, Sign(second with { Version = 3 }), RosterCheck.KeyNumber);
        SignedStatement good = Sign(second);
        Add("roster", "for another purpose", first, good with { Signature = SignedStatement.Sign(StatementPurpose.Reply, good.Statement, _drop.DropKey).Signature }, RosterCheck.Purpose);
        Add("roster", "with a byte more", first, good with { Statement = (byte[])[.. good.Statement.Span, (byte)' '] }, RosterCheck.Signature);
        Add("roster", "with no signature", first, good with { Signature = "" }, RosterCheck.SignatureFormat);
        string text = good.StatementText;
        Add("roster", "requires more", first, Sign(text.Replace("\"requires\":[]", "\"requires\":[\"threshold\"]", StringComparison.Ordinal)), RosterCheck.Requires);
        Add("roster", "without reviewers", first, Sign(text.Replace("\"reviewers\":[", "\"reviewers\":[],\"x\":[", StringComparison.Ordinal)), RosterCheck.Rule);
        Add("roster", "a member twice", first, Sign(text[..^1] + ",\"version\":2}"), RosterCheck.Malformed);
        Add("roster", "a later format", first, Sign(text.Replace("roster/1", "roster/2", StringComparison.Ordinal)), RosterCheck.Format);
    }

    private void WriteRecipients(RosterAnswer first)
    {
        HybridRecipient key = HybridIdentity.Generate().Recipient;
        RecipientStatement good = new(_drop.DropKey.PublicKey, _drop.Reviewers[0].Signing.PublicKey, 5, key, TestDrop.Today, TestDrop.Today.AddDays(6));
        SignedStatement signed = Sign(good);
        RosterAnswer held = first with { Recipients = [signed] };
        Add("recipient", "the first", first, signed, null);
        Add("recipient", "the one that is there", held, signed, null);
        Add("recipient", "a higher serial", held, Sign(good with { Serial = 6 }), null);
        Add("recipient", "a serial of another reviewer's", held, Sign(good with { SigningKey = _drop.Reviewers[1].Signing.PublicKey }, _drop.Reviewers[1].Signing), null);
        Add("recipient", "the same serial, other days", held, Sign(good with { LastDay = TestDrop.Today }), RosterCheck.Version);
        Add("recipient", "a lower serial", held, Sign(good with { Serial = 4 }), RosterCheck.Version);
        Add("recipient", "ended yesterday", first, Sign(good with { FirstDay = TestDrop.Today.AddDays(-3), LastDay = TestDrop.Today.AddDays(-1) }), RosterCheck.Expired);
        Add("recipient", "begins in 31 days", first, Sign(good with { FirstDay = TestDrop.Today.AddDays(31), LastDay = TestDrop.Today.AddDays(31) }), null);
        Add("recipient", "begins in 32 days", first, Sign(good with { FirstDay = TestDrop.Today.AddDays(32), LastDay = TestDrop.Today.AddDays(32) }), RosterCheck.Span);
        Add("recipient", "of 32 days", first, Sign(good with { LastDay = TestDrop.Today.AddDays(31) }), RosterCheck.Span);
        Add("recipient", "for another drop", first, Sign(good with { DropKey = _next.PublicKey }), RosterCheck.DropKey);
        Add("recipient", "by a former reviewer", first, Sign(good with { SigningKey = _drop.Former.Signing.PublicKey }, _drop.Former.Signing), RosterCheck.Reviewer);
        Add("recipient", "by another reviewer", first, Sign(good, _drop.Reviewers[1].Signing), RosterCheck.KeyNumber);
        Add("recipient", "for another purpose", first, signed with { Signature = SignedStatement.Sign(StatementPurpose.Session, signed.Statement, _drop.Reviewers[0].Signing).Signature }, RosterCheck.Purpose);
        Add("recipient", "of an empty text", first, signed with { Statement = ReadOnlyMemory<byte>.Empty }, RosterCheck.Malformed);
        RosterAnswer full = first with { Recipients = [.. Enumerable.Range(0, RosterAcceptance.MostStatementsOfAReviewer).Select(serial => Sign(good with { Serial = serial }))] };
        Add("recipient", "the ninth of one reviewer", full, Sign(good with { Serial = 9 }), RosterCheck.TooMany);
    }

    private void WriteSuccessors(RosterAnswer first, SignedStatement successor)
    {
        RosterAnswer later = first with { Successors = [successor], Roster = Sign(_drop.Roster with { Version = 2 }, _next) };
        MinisignKeyPair third = MinisignKeyPair.Generate();
        SignedStatement Step(MinisignKeyPair from, MinisignPublicKey to, MinisignKeyPair? by = null) =>
            SignedStatement.Sign(StatementPurpose.Successor, new Successor(from.PublicKey, to).Write(), by ?? from);
        Add("successor", "of the first key", first, successor, null);
        Add("successor", "the one that is held back", first, successor, null, successor);
        Add("successor", "the one that stands in the chain", later, successor, null);
        Add("successor", "another of the same key", first, Step(_drop.DropKey, third.PublicKey), null, successor);
        Add("successor", "of the key that signs now", later, Step(_next, third.PublicKey), null);
        Add("successor", "of a key that was replaced", later, Step(_drop.DropKey, third.PublicKey), RosterCheck.Chain);
        Add("successor", "back to the first key", later, Step(_next, _drop.DropKey.PublicKey), RosterCheck.ChainRepeats);
        Add("successor", "by another than it names", first, Step(_drop.DropKey, third.PublicKey, _next), RosterCheck.KeyNumber);
        Add("successor", "for another purpose", first, successor with { Signature = SignedStatement.Sign(StatementPurpose.Roster, successor.Statement, _drop.DropKey).Signature }, RosterCheck.Purpose);
        Add("successor", "to no key", first, successor with { Statement = Encoding.UTF8.GetBytes(successor.StatementText.Replace(_next.PublicKey.Text, "RW", StringComparison.Ordinal)) }, RosterCheck.Malformed);
        SignedStatement[] many = [.. Enumerable.Range(0, RosterAcceptance.MostPendingSuccessors).Select(_ => Step(_drop.DropKey, MinisignKeyPair.Generate().PublicKey))];
        Add("successor", "the ninth of one key", first, successor, RosterCheck.TooMany, many);
    }

    private SignedStatement Sign(Roster roster, MinisignKeyPair? signer = null) => SignedStatement.Sign(StatementPurpose.Roster, roster.Write(), signer ?? _drop.DropKey);

    private SignedStatement Sign(string roster) => SignedStatement.Sign(StatementPurpose.Roster, Encoding.UTF8.GetBytes(roster), _drop.DropKey);

    private SignedStatement Sign(RecipientStatement statement, MinisignKeyPair? signer = null) =>
        SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), signer ?? _drop.Reviewers[0].Signing);

    private void Add(string kind, string what, RosterAnswer present, SignedStatement statement, RosterCheck? check, params SignedStatement[] pending) => _vectors.Add((JsonNode)new JsonObject
    {
        ["what"] = $"{kind}: {what}",
        ["kind"] = kind,
        ["day"] = Day.Write(TestDrop.Today),
        ["present"] = JsonNode.Parse(present.Write()),
        ["pending"] = new JsonArray([.. pending.Select(one => JsonNode.Parse(one.Write()))]),
        ["given"] = JsonNode.Parse(statement.Write()),
        ["check"] = check?.ToString(),
    });
}
