using System.Text.Json;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>A day's dead drop of every maker: what the source with these words is shown, and what is counted.</summary>
public sealed class ReplyVectorTests
{
    public static TheoryData<string> Makers => VectorMaker.All;

    [Theory, MemberData(nameof(Makers))]
    public void DeadDrop_OfEveryMaker_ShowsAndCountsWhatItsIndexSays(string maker)
    {
        JsonElement index = VectorMaker.IndexOrSkip(maker, "replies.json");
        VerifiedRoster roster = VectorMaker.Verify(index);
        DateOnly day = VectorMaker.DayOf(index);
        byte[] slots = VectorMaker.Read(maker, index.Text("deadDrop"));
        Assert.Equal(index.GetProperty("slots").GetInt32() * DeadDropSlot.SizeInBytes, slots.Length);
        Assert.True(Codename.TryParse(index.Text("words"), out Codename? codename, out _));
        using CodenameKeys keys = codename.DeriveKeys(MinisignPublicKey.Parse(index.Text("link")));

        FoundReplies found = DeadDropReader.Read([new DeadDrop(day, slots)], keys, roster.Roster, day);

        Assert.Equal(index.GetProperty("damaged").GetInt32(), found.UncheckedCount);
        Assert.Equal(
            index.Items("replies")
                .Select(reply => (reply.Text("kind"), reply.Text("message"), reply.Text("day"), reply.Text("signer"), reply.GetProperty("parts").GetInt32()))
                .OrderBy(reply => reply.Item1, StringComparer.Ordinal),
            found.Replies
                .Select(reply => (reply.Kind, reply.Message, Crypto.Json.Day.Write(reply.Day), reply.Signer.SigningKey.Text, reply.Parts))
                .OrderBy(reply => reply.Kind, StringComparer.Ordinal));
        Assert.All(found.Replies, reply => Assert.Empty(reply.MissingParts));
    }

    [Theory, MemberData(nameof(Makers))]
    public void Batch_OfEveryMaker_IsOneAndTheSameWhenWritten(string maker)
    {
        JsonElement index = VectorMaker.IndexOrSkip(maker, "replies.json");
        byte[] batch = VectorMaker.Read(maker, index.Text("batch"));
        Assert.Equal(DeadDropBatchFault.None, DeadDropBatch.TryRead(batch, 0, out IReadOnlyList<DeadDropEntry> entries));
        Assert.Equal(0, entries.Count % DeadDropBatch.Multiple);
        Assert.Equal(batch, DeadDropBatch.Write(entries));
    }
}
