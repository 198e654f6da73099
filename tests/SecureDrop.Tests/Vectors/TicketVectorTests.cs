using System.Text.Json;
using SecureDrop.Crypto.ProofOfWork;
using Xunit;

namespace SecureDrop.Tests.Vectors;

public sealed class TicketVectorTests
{
    [Fact]
    public void Solution_OfEveryVector_IsWorthItsZerosAndNoMore()
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
}
