using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Archives;
using SecureDrop.Tests.Replies;

namespace SecureDrop.Tests.Vectors;

/// <summary>The dead drop and the batch of <see cref="OwnVectorWriter"/>. What is shown is of a kind each, so that indices need no order.</summary>
internal sealed class OwnReplyVectors(TestDrop drop)
{
    private readonly List<byte[]> _slots = [];
    private readonly JsonArray _shown = [];
    private readonly JsonArray _notShown = [];

    internal JsonObject Write(JsonNode answer)
    {
        WriteShown();
        WriteFailing();
        WriteSilent();
        byte[] deadDrop = [.. _slots.OrderBy(slot => Convert.ToHexString(slot.AsSpan(0, 16)), StringComparer.Ordinal).SelectMany(slot => slot)];
        OwnVectorWriter.WriteFile("replies/dead-drop.bin", deadDrop);
        OwnVectorWriter.WriteFile("replies/batch.bin", DeadDropBatch.Write(Batch()));
        return new JsonObject
        {
            ["words"] = drop.Codename.ToWords(CodenameLanguage.SimplifiedChinese),
            ["link"] = drop.DropKey.PublicKey.Text,
            ["answer"] = answer,
            ["day"] = Crypto.Json.Day.Write(TestDrop.Today),
            ["deadDrop"] = "replies/dead-drop.bin",
            ["slots"] = _slots.Count,
            ["batch"] = "replies/batch.bin",
            ["notShown"] = _notShown,
            ["damaged"] = _notShown.Count,
            ["replies"] = _shown,
        };
    }

    private void WriteShown()
    {
        Show(TestReplies.New(drop, "", ReplyKind.Receipt), drop.Reviewers[0].Signing);
        Reply whole = TestReplies.New(drop, string.Concat(Enumerable.Repeat("长\"\\\u0001😀", 900)));
        Show(whole, drop.Reviewers[1].Signing);
        Show(TestReplies.New(drop, "300", ReplyKind.Reward) with { Day = drop.FormerLastDay }, drop.Former.Signing);
        Show(TestReplies.New(drop, "written 14 days before", ReplyKind.Closed) with { Day = TestDrop.Today.AddDays(-14) }, drop.Reviewers[2].Signing);
        Show(TestReplies.New(drop, "an unknown kind", "poem"), drop.Reviewers[2].Signing);
    }

    private void WriteFailing()
    {
        using Codename other = Codename.Generate();
        using CodenameKeys otherKeys = other.DeriveKeys(drop.DropKey.PublicKey);
        Reply reply = TestReplies.New(drop, "never shown");
        MinisignKeyPair signer = drop.Reviewers[0].Signing;
        byte[] json = reply.Write();
        Fail("signed by nobody in the roster", TestReplies.Slot(drop, reply, drop.DropKey));
        Fail("signed by a former reviewer after the last day", TestReplies.Slot(drop, reply with { Day = drop.FormerLastDay.AddDays(1) }, drop.Former.Signing));
        Fail("meant for another", TestReplies.Slot(drop, reply with { Conversation = otherKeys.Signing.PublicKey }));
        Fail("from another drop", TestReplies.Slot(drop, reply with { DropKey = drop.Keys.Signing.PublicKey }));
        Fail("15 days old", TestReplies.Slot(drop, reply with { Day = TestDrop.Today.AddDays(-15) }));
        Fail("of tomorrow", TestReplies.Slot(drop, reply with { Day = TestDrop.Today.AddDays(1) }));
        Fail("signed as a report", TestReplies.Slot(drop, ReplyBytes.Plaintext(json, StatementPurpose.Report, signer)));
        Fail("part 2 of 1", TestReplies.Slot(drop, Signed(Encoding.UTF8.GetString(json).Replace("\"part\":1", "\"part\":2", StringComparison.Ordinal))));
        Fail("more parts than are shown", TestReplies.Slot(drop, Signed(Encoding.UTF8.GetString(json).Replace("\"parts\":1", "\"parts\":9007199254740991", StringComparison.Ordinal))));
        Fail("a member name twice", TestReplies.Slot(drop, Signed(Encoding.UTF8.GetString(json).Replace("\"part\":1", "\"part\":1,\"part\":1", StringComparison.Ordinal))));
        byte[] members = ReplyBytes.Plaintext(json, StatementPurpose.Reply, signer);
        Fail("a member too many", TestReplies.Slot(drop, TarBytes.Archive(8192, members[..2048], TarBytes.Member("x", []))));
        Fail("something after the end", TestReplies.Slot(drop, [.. members[..^1], 1]));
        Fail("no archive", TestReplies.Slot(drop, RandomNumberGenerator.GetBytes(8192)));
        Fail("sealed to another", DeadDropSlot.Seal(members, otherKeys.Recipient.Recipient, drop.Keys.Tag));
        byte[] flipped = TestReplies.Slot(drop, reply);
        flipped[^1] ^= 1;
        Fail("a sealed byte flipped", flipped);
    }

    private void WriteSilent()
    {
        _slots.Add(TestReplies.Slot(drop, TestReplies.New(drop, "", ReplyKind.Filler)));
        ReplySealer sealer = Sealer();
        _slots.AddRange(Enumerable.Range(0, 3).Select(_ => sealer.SealFiller(TestDrop.Today).Slot.ToArray()));
    }

    private void Show(Reply whole, MinisignKeyPair signer)
    {
        IReadOnlyList<Reply> parts = ReplySplitter.Split(whole);
        // Each twice, sealed anew: what a batch that was posted again leaves behind.
        _slots.AddRange(parts.Concat(parts).Select(part => TestReplies.Slot(drop, part, signer)));
        _shown.Add((JsonNode)new JsonObject
        {
            ["kind"] = whole.Kind,
            ["message"] = whole.Message,
            ["day"] = Crypto.Json.Day.Write(whole.Day),
            ["signer"] = signer.PublicKey.Text,
            ["parts"] = parts.Count,
        });
    }

    private void Fail(string what, byte[] slot)
    {
        _slots.Add(slot);
        _notShown.Add((JsonNode)what);
    }

    private byte[] Signed(string json) => ReplyBytes.Plaintext(Encoding.UTF8.GetBytes(json), StatementPurpose.Reply, drop.Reviewers[0].Signing);

    private ReplySealer Sealer() => new(drop.Reviewers[0].Signing, drop.DropKey.PublicKey, drop.Recipients, shardBits: 0);

    private DeadDropEntry[] Batch()
    {
        ReplySealer sealer = Sealer();
        Reply[] replies = [.. ReplySplitter.Split(TestReplies.New(drop, new string('长', 3000)))];
        return
        [
            .. replies.Select(reply => sealer.Seal(reply, drop.Conversation)),
            .. Enumerable.Range(0, DeadDropBatch.Multiple - replies.Length).Select(_ => sealer.SealFiller(TestDrop.Today)),
        ];
    }
}
