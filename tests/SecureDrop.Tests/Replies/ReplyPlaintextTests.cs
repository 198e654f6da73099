using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Archives;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Replies;

public sealed class ReplyPlaintextTests
{
    private static readonly TestDrop Drop = new();

    public static TheoryData<string> Members => ["format", "id", "dropKey", "conversation", "day", "part", "parts", "kind", "message"];

    [Fact]
    public void Plaintext_OfAnyReply_Has8192BytesAndIsReadAgain()
    {
        int room = Reply.MaxJsonInBytes - TestReplies.New(Drop, "").Write().Length;
        foreach (string message in (string[])["", "谢谢", new string('x', room)])
        {
            Reply reply = TestReplies.New(Drop, message);
            byte[] plaintext = ReplyPlaintext.Write(reply, Drop.Reviewers[1].Signing);
            Assert.Equal(8192, plaintext.Length);
            SignedReply read = ReplyPlaintext.Read(plaintext, Drop.Roster);
            Assert.Equal(reply, read.Reply);
            Assert.Equal(Drop.Reviewers[1].Signing.PublicKey, read.Signer.SigningKey);
        }
        Assert.Throws<ArgumentException>(() => ReplyPlaintext.Write(TestReplies.New(Drop, new string('x', room + 1)), Drop.Reviewers[1].Signing));
    }

    [Theory, MemberData(nameof(Members))]
    public void Json_MemberMissing_IsRefused(string member)
    {
        JsonObject json = JsonNode.Parse(TestReplies.New(Drop, "x").Write())!.AsObject();
        Assert.True(json.Remove(member));
        Assert.Equal(ReplyCheck.ReplyJson, Check(Signed(json)));
    }

    [Theory]
    [InlineData("part", 0)]
    [InlineData("part", 2)]
    [InlineData("parts", 0)]
    [InlineData("parts", Reply.MaxParts + 1)]
    [InlineData("id", 7)]
    public void Json_NumberOutOfRange_IsRefused(string member, int value)
    {
        JsonObject json = JsonNode.Parse(TestReplies.New(Drop, "x").Write())!.AsObject();
        json[member] = value;
        Assert.Equal(ReplyCheck.ReplyJson, Check(Signed(json)));
    }

    [Fact]
    public void Archive_OfAnotherForm_IsRefused()
    {
        byte[] json = TestReplies.New(Drop, "x").Write();
        byte[] right = ReplyBytes.Plaintext(json, StatementPurpose.Reply, Drop.Reviewers[0].Signing);
        Assert.Null(Check(right));
        byte[] large = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json) + new string(' ', Reply.MaxJsonInBytes + 1 - json.Length));
        byte[][] wrong =
        [
            right[..^1],
            [.. right, 0],
            [.. right[..^1], 1],
            TarBytes.Archive(8192, TarBytes.Member("reply.json", json)),
            TarBytes.Archive(8192, TarBytes.Member("reply.json.minisig", json), TarBytes.Member("reply.json", json)),
            TarBytes.Archive(8192, TarBytes.Member("reply.json", json), TarBytes.Member("reply.json.minisig", []), TarBytes.Member("x", [])),
            ReplyBytes.Plaintext(large, StatementPurpose.Reply, Drop.Reviewers[0].Signing),
            [],
        ];
        Assert.All(wrong, plaintext => Assert.Equal(ReplyCheck.Archive, Check(plaintext)));
    }

    [Fact]
    public void Signature_OfAnother_IsRefusedAsWhatItIs()
    {
        byte[] json = TestReplies.New(Drop, "x").Write();
        Assert.Equal(ReplyCheck.Signer, Check(ReplyBytes.Plaintext(json, StatementPurpose.Reply, Drop.Keys.Signing)));
        Assert.Equal(ReplyCheck.Signer, Check(ReplyBytes.Plaintext(json, StatementPurpose.Reply, Drop.Former.Signing)));
        Assert.Equal(ReplyCheck.Signature, Check(ReplyBytes.Plaintext(json, StatementPurpose.Report, Drop.Reviewers[0].Signing)));
        Assert.Equal(
            ReplyCheck.Signature, Check(TarBytes.Archive(8192, TarBytes.Member("reply.json", json), TarBytes.Member("reply.json.minisig", "x"u8))));
    }

    [Fact]
    public void Signature_WithAnUntrustedComment_IsReadAsUtf8()
    {
        byte[] json = TestReplies.New(Drop, "x").Write();
        string signature = SignedStatement.Sign(StatementPurpose.Reply, json, Drop.Reviewers[0].Signing).Signature;
        byte[] With(byte[] comment) => TarBytes.Archive(
            8192,
            TarBytes.Member("reply.json", json),
            TarBytes.Member("reply.json.minisig", [.. "untrusted comment: "u8, .. comment, .. Encoding.ASCII.GetBytes(signature[signature.IndexOf('\n', StringComparison.Ordinal)..])]));
        Assert.Null(Check(With([.. "漏"u8])));
        Assert.Equal(ReplyCheck.Signature, Check(With([0xff])));
        Assert.Equal(ReplyCheck.Signature, Check(With([0xed, 0xa0, 0x80])));
    }

    [Fact]
    public void Plaintext_AnyByteChanged_IsRefusedOrChangesNothingTrusted()
    {
        Reply reply = TestReplies.New(Drop, "漏");
        byte[] plaintext = ReplyPlaintext.Write(reply, Drop.Reviewers[0].Signing);
        int accepted = 0;
        for (int at = 0; at < plaintext.Length; at++)
        {
            byte[] changed = [.. plaintext];
            changed[at] ^= (byte)RandomNumberGenerator.GetInt32(1, 256);
            try
            {
                Assert.Equal(reply, ReplyPlaintext.Read(changed, Drop.Roster).Reply);
                accepted++;
            }
            catch (ReplyException)
            {
            }
        }
        // The untrusted comment.
        Assert.InRange(accepted, 0, "securedrop/1".Length);
    }

    private static byte[] Signed(JsonObject json) =>
        ReplyBytes.Plaintext(Encoding.UTF8.GetBytes(json.ToJsonString()), StatementPurpose.Reply, Drop.Reviewers[0].Signing);

    private static ReplyCheck? Check(byte[] plaintext) => Record.Exception(() => ReplyPlaintext.Read(plaintext, Drop.Roster)) switch
    {
        null => null,
        ReplyException e => e.Check,
        Exception e => throw new InvalidOperationException("Not refused in order.", e),
    };
}
