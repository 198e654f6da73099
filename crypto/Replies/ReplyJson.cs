using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Crypto.Replies;

/// <summary>The members of <c>reply.json</c>, in the order in which they are written.</summary>
internal static class ReplyJson
{
    public static Reply Parse(ReadOnlySpan<byte> json)
    {
        StrictObject reply = StrictJson.ParseObject(json);
        reply.RequireExactly("format", Reply.Format);
        int parts = (int)reply.RequireInteger("parts", 1, Reply.MaxParts);
        return new Reply
        {
            Id = Convert.ToHexStringLower(reply.RequireHex("id", Reply.IdSizeInBytes)),
            DropKey = ParseKey(reply, "dropKey"),
            Conversation = ParseKey(reply, "conversation"),
            Day = reply.RequireDay("day"),
            Part = (int)reply.RequireInteger("part", 1, parts),
            Parts = parts,
            Kind = reply.RequireText("kind"),
            Message = reply.RequireText("message"),
        };
    }

    public static byte[] Write(Reply reply) => StrictJson.Write(json =>
    {
        json.WriteString("format", Reply.Format);
        json.WriteString("id", reply.Id);
        json.WriteString("dropKey", reply.DropKey.Text);
        json.WriteString("conversation", reply.Conversation.Text);
        json.WriteString("day", Day.Write(reply.Day));
        json.WriteNumber("part", reply.Part);
        json.WriteNumber("parts", reply.Parts);
        json.WriteString("kind", reply.Kind);
        json.WriteString("message", reply.Message);
    });

    private static MinisignPublicKey ParseKey(StrictObject reply, string name) =>
        MinisignPublicKey.TryParse(reply.RequireText(name), out MinisignPublicKey? key) ? key : throw reply.Error(name, "is not a minisign public key");
}
