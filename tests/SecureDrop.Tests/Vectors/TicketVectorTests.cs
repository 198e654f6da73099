using System.Text.Json;
using SecureDrop.Crypto.ProofOfWork;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Tickets and payments of every maker: what they are worth, and why they are refused.</summary>
public sealed class TicketVectorTests
{
    [Fact]
    public void Solution_OfTheIndependentImplementation_IsWorthItsZerosAndNoMore()
    {
        int seen = 0;
        foreach (JsonElement v in VectorFile.Json("tickets.json").EnumerateArray())
        {
            byte[] id = Ticket.UploadId(v.Text("ticket"));
            Assert.Equal(v.Text("id"), Convert.ToHexStringLower(id));
            uint block = v.GetProperty("block").GetUInt32();
            int zeros = v.GetProperty("zeros").GetInt32();
            Assert.True(Solution.Verify(v.Text("value"), id, block, zeros));
            Assert.False(Solution.Verify(v.Text("value"), id, block, zeros + 1));
            Assert.False(Solution.Verify(v.Text("value"), id, block + 1, zeros));
            seen++;
        }
        Assert.Equal(4, seen);
    }

    [Theory]
    [InlineData("own/")]
    [InlineData("page/")]
    public void Solution_OfEveryVector_PaysOrNotAsItsIndexSays(string maker)
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip(maker, "tickets.json").Items("solutions")];
        Assert.True(vectors.Length >= 20);
        Assert.All(vectors, v =>
        {
            byte[] id = Convert.FromHexString(v.Text("id"));
            uint block = v.GetProperty("block").GetUInt32();
            int difficulty = v.GetProperty("difficulty").GetInt32();
            Assert.True(Solution.TrySplit(v.Text("value"), out string? ticket));
            Assert.Equal(v.Text("ticket"), ticket);
            Assert.Equal(v.GetProperty("zeros").GetInt32(), Solution.LeadingZeroBits(v.Text("value"), id, block));
            bool pays = Solution.Verify(v.Text("value"), id, block, difficulty);
            string? check = pays ? null : Ticket.UploadId(ticket).AsSpan().SequenceEqual(id) ? "unpaid" : "ticket";
            Assert.Equal((v.Text("what"), v.GetProperty("check").GetString()), (v.Text("what"), check));
        });
    }

    [Fact]
    public void HeaderValue_ThatIsMalformed_IsSplitByNobody()
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip("own/", "tickets.json").Items("malformed")];
        Assert.NotEmpty(vectors);
        Assert.All(vectors, v =>
        {
            Assert.False(Solution.TrySplit(v.Text("value"), out string? ticket));
            Assert.Null(ticket);
            Assert.False(Solution.Verify(v.Text("value"), new byte[Ticket.UploadIdSizeInBytes], 0, 0));
        });
    }

    [Fact]
    public void Ticket_OfEveryVector_IsTheDayKeysOrNot()
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip("own/", "tickets.json").Items("issued")];
        Assert.Contains(vectors, v => v.GetProperty("check").ValueKind == JsonValueKind.Null);
        Assert.All(vectors, v =>
        {
            bool taken = Ticket.TryVerify(Convert.FromHexString(v.Text("dayKey")), v.Text("ticket"), out int difficulty, out long issued);
            Assert.Equal((v.Text("what"), v.GetProperty("check").GetString()), (v.Text("what"), taken ? null : "ticket"));
            Assert.Equal(taken ? v.GetProperty("difficulty").GetInt32() : 0, difficulty);
            Assert.Equal(taken ? v.GetProperty("issuedUnixSeconds").GetInt64() : 0, issued);
        });
    }
}
