using System.Text;
using CsCheck;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>Spoils requests: flips, cuts, doubles and splices bytes, and puts in what parsers stumble over. The same seed, the same bytes.</summary>
internal sealed class RequestMutator(ulong seed)
{
    private static readonly byte[][] Stumbles =
    [
        .. new[]
        {
            "\r\n", "\n", "\0", "%00", "%2f", "%ff", "/../", "//", "?", "#", " ", "\t", ":", ",", "\"", "\u00ff\u00fe", "\u001b[2J", "-1", "0", "00", "4294967296",
            "9223372036854775808", "{", "}", "[[[[[[[[", "\\ud800", "\\u0000", "1e999", "Host: localhost\r\n", "Host: evil.example\r\n", "Content-Length: 5\r\n", "Content-Length: 0\r\n",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n", "Expect: 100-continue\r\n", "Content-Encoding: gzip\r\n", "Connection: close\r\n", "Connection: Upgrade\r\nUpgrade: h2c\r\n",
            "Range: bytes=-1\r\n", "Range: bytes=0-0,5-4,9999999-\r\n", "If-Range: \"x\"\r\n", "Ticket: a.00\r\n", "Authorization: Bearer \r\n", "X: " + new string('x', 20_000) + "\r\n", "0\r\n\r\n",
            "ffffffffffffffff\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private readonly PCG _random = new(1, seed);

    public byte[] Mutate(byte[] request, byte[] other)
    {
        var bytes = new List<byte>(request);
        for (var changes = Below(2) + 1; changes > 0; changes--)
        {
            // Most of what is read is read in the first kilobyte; what follows is a sealed body.
            var at = Below(Below(4) == 0 ? bytes.Count + 1 : Math.Min(bytes.Count + 1, 1024));
            switch (Below(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 + Below(255));
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(Below(64), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(Below(64), bytes.Count - at)));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.Skip(Below(other.Length)));
                    break;
                case 4 when LineEnds(bytes) is { Count: > 0 } ends:
                    bytes.InsertRange(ends[Below(ends.Count)], Stumbles[Below(Stumbles.Length)]);
                    break;
                default:
                    bytes.InsertRange(at, Stumbles[Below(Stumbles.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }

    public int Below(int end) => (int)_random.Next((uint)Math.Max(1, end));

    private static List<int> LineEnds(List<byte> bytes) =>
        [.. Enumerable.Range(1, Math.Min(bytes.Count, 1024)).Where(at => at < bytes.Count && bytes[at - 1] == '\n')];
}
