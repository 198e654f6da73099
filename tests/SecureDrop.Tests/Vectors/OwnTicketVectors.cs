using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Tests.Vectors;

/// <summary>
/// The tickets of <see cref="OwnVectorWriter"/>. <c>solutions</c> are for both; the server alone splits header values (<c>malformed</c>)
/// and knows a day key's tickets (<c>issued</c>).
/// </summary>
internal static class OwnTicketVectors
{
    private const long Issued = 1_796_000_000;

    internal static JsonObject Write()
    {
        byte[] dayKey = RandomNumberGenerator.GetBytes(Ticket.DayKeySizeInBytes);
        return new JsonObject { ["solutions"] = Solutions(dayKey), ["malformed"] = Malformed(dayKey), ["issued"] = Tickets(dayKey) };
    }

    private static JsonArray Solutions(byte[] dayKey)
    {
        JsonArray solutions = [];
        (string What, uint Block, int Difficulty)[] cases =
            [("a whole report", 0, 8), ("the second block", 1, 9), ("block 256, whose number has two bytes", 256, 10), ("the last block that has a number", uint.MaxValue, 8)];
        foreach ((string what, uint block, int difficulty) in cases)
        {
            string ticket = Ticket.Issue(dayKey, difficulty, Issued);
            byte[] id = Ticket.UploadId(ticket);
            string value = Solution.Solve(ticket, block, difficulty);
            int zeros = Solution.LeadingZeroBits(value, id, block);
            uint other = block ^ 1;
            void Add(string detail, byte[] upload, uint number, int asked, string paid, string? check) => solutions.Add((JsonNode)new JsonObject
            {
                ["what"] = what + detail,
                ["ticket"] = ticket,
                ["id"] = Convert.ToHexStringLower(upload),
                ["block"] = number,
                ["difficulty"] = asked,
                ["value"] = paid,
                ["zeros"] = Solution.LeadingZeroBits(paid, upload, number),
                ["check"] = check,
            });
            Add("", id, block, zeros, value, null);
            Add(": at the difficulty of its ticket", id, block, difficulty, value, null);
            Add(": one zero too few", id, block, zeros + 1, value, "unpaid");
            Add(": at 24, which takes too long", id, block, Ticket.LargestDifficulty, value, "unpaid");
            Add(": the value paid for another block", id, other, zeros, value, "unpaid");
            Add(": at 0 anything pays", id, block, 0, $"{ticket}.00", null);
            Add(": for another's upload", Ticket.UploadId("another"), block, 0, value, "ticket");
        }
        return solutions;
    }

    private static JsonArray Malformed(byte[] dayKey)
    {
        string ticket = Ticket.Issue(dayKey, 0, Issued);
        (string What, string Value)[] values =
        [
            ("nothing", ""), ("a dot alone", "."), ("a ticket alone", ticket), ("no nonce", $"{ticket}."), ("no ticket", ".00"),
            ("half a byte", $"{ticket}.0"), ("an odd number of digits", $"{ticket}.000"), ("17 bytes", $"{ticket}.{new string('0', 34)}"),
            ("capitals", $"{ticket}.0A"), ("no hex", $"{ticket}.0g"), ("two nonces", $"{ticket}.00.00"), ("white space before", $" {ticket}.00"),
            ("white space after", $"{ticket}.00 "), ("a line feed", $"{ticket}.00\n"), ("a ticket in standard base64", $"{ticket[..^1]}+.00"),
            ("a ticket with padding", $"{ticket}=.00"), ("a ticket of 129 characters", $"{new string('a', 129)}.00"), ("a letter that is not ASCII", $"é{ticket}.00"),
        ];
        return [.. values.Select(value => new JsonObject { ["what"] = value.What, ["value"] = value.Value })];
    }

    private static JsonArray Tickets(byte[] dayKey)
    {
        string ticket = Ticket.Issue(dayKey, 14, Issued);
        byte[] bytes = System.Buffers.Text.Base64Url.DecodeFromChars(ticket);
        JsonObject One(string what, string text, string? check, int difficulty = 0, long issued = 0, byte[]? key = null) => new()
        {
            ["what"] = what,
            ["dayKey"] = Convert.ToHexStringLower(key ?? dayKey),
            ["ticket"] = text,
            ["difficulty"] = check is null ? difficulty : null,
            ["issuedUnixSeconds"] = check is null ? issued : null,
            ["check"] = check,
        };
        string Flipped(int at)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            return System.Buffers.Text.Base64Url.EncodeToString(changed);
        }
        return
        [
            One("a ticket", ticket, null, 14, Issued),
            One("the highest difficulty, the first second", Ticket.Issue(dayKey, Ticket.LargestDifficulty, 0), null, Ticket.LargestDifficulty),
            One("the last second there is", Ticket.Issue(dayKey, 0, long.MaxValue), null, 0, long.MaxValue),
            One("of another day", ticket, "ticket", key: RandomNumberGenerator.GetBytes(Ticket.DayKeySizeInBytes)),
            One("random bytes changed", Flipped(0), "ticket"),
            One("difficulty changed", Flipped(16), "ticket"),
            One("issue time changed", Flipped(24), "ticket"),
            One("authentication changed", Flipped(56), "ticket"),
            One("a character short", ticket[..^1], "ticket"),
            One("four characters more", ticket + "AAAA", "ticket"),
            One("white space, which decoders skip", ticket[..10] + " " + ticket[10..], "ticket"),
            One("white space for a character", ticket[..^1] + " ", "ticket"),
            One("the standard alphabet", ticket[..^1] + "/", "ticket"),
            One("nothing", "", "ticket"),
        ];
    }
}
