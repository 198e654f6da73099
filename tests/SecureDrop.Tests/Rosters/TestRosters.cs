using CsCheck;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Tests.Vectors;

namespace SecureDrop.Tests.Rosters;

/// <summary>Rosters and reviewers of any kind, from a small stock of keys, as making keys is slow.</summary>
internal static class TestRosters
{
    internal static readonly DateOnly Today = TestDrop.Today;

    internal static readonly IReadOnlyList<TestReviewer> Reviewers = [.. Enumerable.Range(0, Roster.MostReviewers + 1).Select(_ => TestDrop.NewReviewer())];

    internal static readonly MinisignKeyPair DropKey = MinisignKeyPair.Generate();

    private static readonly Gen<DateOnly> Days = Gen.Int[0, DateOnly.MaxValue.DayNumber].Select(DateOnly.FromDayNumber);

    private static readonly Gen<string> Words = Gen.OneOf(Gen.String[Gen.Char['\0', '\ud7ff'], 0, 10], Gen.OneOf([.. new[] { "", "__proto__", "\u202e\u001b[2J", "长😀", "\\\"/" }.Select(Gen.Const)]));

    private static readonly Gen<IReadOnlyDictionary<string, string>> Texts =
        Gen.Dictionary(Words, Words)[1, 3].Select(texts => (IReadOnlyDictionary<string, string>)texts);

    /// <summary>Any roster that keeps the rules.</summary>
    internal static Gen<Roster> Any { get; } = Gen.Select(
        Gen.Select(Texts, Gen.Long[0, 9_007_199_254_740_991], Days, Days),
        Gen.Select(Words.Array[0, 3], Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[0, 16]),
        Gen.Select(Gen.Select(Words, Texts).Array[0, 3], Gen.Select(Words, Texts, Gen.Bool).Array[0, 3]),
        Gen.Select(Gen.Select(Gen.OneOf([.. RosterChannel.Kinds.Select(Gen.Const)]), Words, Texts).Array[0, 3], Gen.Select(Days, Texts, Texts).Array[0, 3]),
        (head, numbers, form, rest) => new Roster
        {
            DropKey = DropKey.PublicKey,
            Name = head.Item1,
            Version = head.Item2,
            Issued = head.Item3 < head.Item4 ? head.Item3 : head.Item4,
            Expires = head.Item3 < head.Item4 ? head.Item4 : head.Item3,
            Origins = numbers.Item1,
            Reviewers = [.. Reviewers.Take(numbers.Item2).Select((keys, index) => Reviewer(keys, index % 2 == 0 ? head.Item1 : null, head.Item3))],
            Former = [.. Reviewers.TakeLast(numbers.Item3).Select(keys => new FormerReviewer(null, keys.Signing.PublicKey, head.Item4))],
            Form = new RosterForm(
                [.. form.Item1.DistinctBy(category => category.Item1).Select(category => new RosterCategory(category.Item1, category.Item2))],
                [.. form.Item2.DistinctBy(question => question.Item1).Select(question => new RosterQuestion(question.Item1, question.Item2, question.Item3))]),
            Channels = [.. rest.Item1.Select(channel => new RosterChannel(channel.Item1, channel.Item2, channel.Item3))],
            Notices = [.. rest.Item2.Select(notice => new RosterNotice(notice.Item1, notice.Item2, notice.Item3))],
            ShardBits = numbers.Item4,
        });

    /// <summary>A roster with as many reviewers.</summary>
    internal static Roster New(int reviewers = 1, long version = 1) => new()
    {
        DropKey = DropKey.PublicKey,
        Name = new Dictionary<string, string> { ["en"] = "Test drop" },
        Version = version,
        Issued = Today,
        Expires = Today.AddDays(Roster.LifetimeInDays),
        Reviewers = [.. Reviewers.Take(reviewers).Select(keys => Reviewer(keys, null, Today.AddDays(Roster.RotatingRecipientsInDays)))],
    };

    internal static RosterReviewer Reviewer(TestReviewer keys, IReadOnlyDictionary<string, string>? name, DateOnly lastDay) =>
        new(name, keys.Signing.PublicKey, keys.Session.PublicKey, new RosterRecipient(keys.Identity.Recipient, lastDay));

    internal static SignedStatement Sign(Roster roster, MinisignKeyPair? signer = null) => SignedStatement.Sign(StatementPurpose.Roster, roster.Write(), signer ?? DropKey);

    internal static SignedStatement Sign(RecipientStatement statement, MinisignKeyPair? signer = null) =>
        SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), signer ?? Reviewers[0].Signing);

    internal static SignedStatement Succession(MinisignKeyPair from, MinisignKeyPair to) =>
        SignedStatement.Sign(StatementPurpose.Successor, new Successor(from.PublicKey, to.PublicKey).Write(), from);

    internal static RosterAnswer Answer(Roster? roster = null) => new(DropKey.PublicKey, [], Sign(roster ?? New()), []);

    internal static RecipientStatement Statement(long serial = 1, int reviewer = 0, HybridRecipient? key = null) =>
        new(DropKey.PublicKey, Reviewers[reviewer].Signing.PublicKey, serial, key ?? Reviewers[^1].Identity.Recipient, Today, Today.AddDays(6));
}
