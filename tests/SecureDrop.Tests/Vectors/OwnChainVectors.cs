using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Tests.Vectors;

/// <summary>Chains of drop keys in <c>own/rosters.json</c>.</summary>
internal sealed class OwnChainVectors(RosterVectorList list)
{
    private readonly MinisignKeyPair[] _keys = [list.Drop.DropKey, .. Enumerable.Range(0, 66).Select(_ => MinisignKeyPair.Generate())];

    internal void Write()
    {
        RosterAnswer good = Chain(2, Step(0, 1), Step(1, 2));
        for (int key = 0; key < 3; key++)
        {
            list.Take($"a chain of three, its key {key} in the link", good, link: Text(key));
        }
        list.Take("a chain of three, no link", good, link: null);
        list.Refuse("a chain that does not lead to the link", "link", good, link: Text(3));
        list.Take("a chain with members that nobody knows", Chain(1, Signed(0, Write(0, 1)[..^1] + ",\"x\":{}}")));
        list.Refuse("a chain whose last key did not sign", "key number", Chain(1, Step(0, 1), Step(1, 2)));
        list.Refuse("a chain whose last step is kept back", "key number", Chain(2, Step(0, 1)));
        list.Refuse("a chain that is kept back", "key number", Chain(2));
        list.Refuse("a key of the server's own before the chain", "dropKey", Chain(1, Step(3, 0), Step(0, 1)) with { DropKey = _keys[3].PublicKey });
        list.Take("a chain of 64 steps", Chain(64, [.. Enumerable.Range(0, 64).Select(at => Step(at, at + 1))]));
        list.Refuse("a chain of 65 steps", "successor", Chain(65, [.. Enumerable.Range(0, 65).Select(at => Step(at, at + 1))]));
        (string What, SignedStatement[] Steps)[] wrong =
        [
            ("in another order", [Step(1, 2), Step(0, 1)]),
            ("that begins later", [Step(1, 2)]),
            ("with a gap", [Step(0, 1), Step(2, 3)]),
            ("with a step twice", [Step(0, 1), Step(0, 1)]),
            ("that closes to a ring", [Step(0, 1), Step(1, 0)]),
            ("with a ring at its end", [Step(0, 1), Step(1, 2), Step(2, 1)]),
            ("with a step to itself", [Step(0, 0)]),
            ("with a step that its end signed", [Signed(1, Write(0, 1)), Step(1, 2)]),
            ("with a step that a stranger signed", [Signed(3, Write(0, 1)), Step(1, 2)]),
            ("with a step that was changed", [Step(0, 1) with { Statement = Encoding.UTF8.GetBytes(Write(0, 3)) }]),
            ("with a step signed as a roster", [SignedStatement.Sign(StatementPurpose.Roster, Encoding.UTF8.GetBytes(Write(0, 1)), _keys[0])]),
            ("with a step that is not signed", [Step(0, 1) with { Signature = "" }]),
            ("with a step of a later format", [Signed(0, Write(0, 1).Replace("successor/1", "successor/2", StringComparison.Ordinal))]),
            ("with a step to no key", [Signed(0, Write(0, 1).Replace(Text(1), "RW", StringComparison.Ordinal))]),
            ("with a step that names its end twice", [Signed(0, Write(0, 1)[..^1] + $",\"to\":\"{Text(1)}\"}}")]),
            ("with a step without its beginning", [Signed(0, Write(0, 1).Replace("\"from\"", "\"of\"", StringComparison.Ordinal))]),
            ("with a step that is empty", [Signed(0, "")]),
        ];
        foreach ((string what, SignedStatement[] steps) in wrong)
        {
            list.Refuse($"a chain {what}", "successor", Chain(2, steps));
        }
    }

    private string Text(int key) => _keys[key].PublicKey.Text;

    private string Write(int from, int to) => Encoding.UTF8.GetString(new Successor(_keys[from].PublicKey, _keys[to].PublicKey).Write());

    private SignedStatement Signed(int by, string text) => SignedStatement.Sign(StatementPurpose.Successor, Encoding.UTF8.GetBytes(text), _keys[by]);

    private SignedStatement Step(int from, int to) => Signed(from, Write(from, to));

    private RosterAnswer Chain(int signer, params SignedStatement[] steps) => list.Answer(signer: _keys[signer]) with { Successors = steps };
}
