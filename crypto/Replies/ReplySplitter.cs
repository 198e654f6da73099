using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecureDrop.Crypto.Replies;

/// <summary>Splits a long message into parts that each fit a reply.</summary>
public static class ReplySplitter
{
    /// <summary>
    /// The parts of <paramref name="whole"/> (whose <see cref="Reply.Part"/> and <see cref="Reply.Parts"/> are not looked at): same id, day and
    /// kind, each at most <see cref="Reply.MaxJsonInBytes"/> when written, cut between code points, joined without separator. An empty
    /// message is one part.
    /// </summary>
    /// <exception cref="ArgumentException">A lone surrogate, a kind that leaves no room, or more than <see cref="Reply.MaxParts"/> parts.</exception>
    public static IReadOnlyList<Reply> Split(Reply whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        // Room is counted for the longest spelling of part and parts, so that it does not depend on how many parts come out.
        int room = Reply.MaxJsonInBytes - (whole with { Message = "", Part = Reply.MaxParts, Parts = Reply.MaxParts }).Write().Length;
        List<string> messages = Cut(whole.Message, room);
        return messages.Count <= Reply.MaxParts
            ? [.. messages.Select((message, index) => whole with { Message = message, Part = index + 1, Parts = messages.Count })]
            : throw new ArgumentException($"The message needs {messages.Count} parts and may have {Reply.MaxParts}.", nameof(whole));
    }

    private static List<string> Cut(string message, int room)
    {
        List<string> parts = [];
        int start = 0;
        int at = 0;
        int used = 0;
        while (at < message.Length)
        {
            if (!Rune.TryGetRuneAt(message, at, out Rune rune))
            {
                throw new ArgumentException("The message has half of a surrogate pair.", nameof(message));
            }
            int size = WrittenSizeInBytes(message.AsSpan(at, rune.Utf16SequenceLength));
            if (size > room)
            {
                throw new ArgumentException("The reply leaves no room for a message.", nameof(room));
            }
            if (used + size > room)
            {
                parts.Add(message[start..at]);
                start = at;
                used = 0;
            }
            used += size;
            at += rune.Utf16SequenceLength;
        }
        parts.Add(message[start..]);
        return parts;
    }

    /// <summary>What a code point takes in the JSON, escaped where it has to be, by the encoder that writes it.</summary>
    private static int WrittenSizeInBytes(ReadOnlySpan<char> codePoint) =>
        JsonEncodedText.Encode(codePoint, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.Length;
}
