using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace SecureDrop.Crypto.Json;

/// <summary>
/// JSON as every format of this project spells it: UTF-8 without a byte order mark (RFC 8259), no comments, no trailing comma, nothing
/// after the value, no member name twice in an object at any depth (compared after unescaping), no lone surrogate, no number but the
/// integers from 0 to 2^53 − 1 in digits, nested at most <see cref="DeepestNesting"/> levels. Two readers that disagree about one text are the start of an attack: what is ambiguous is refused.
/// </summary>
public static class StrictJson
{
    /// <summary>Levels of objects and arrays that a text may nest. Deeper text is refused: it has no use here and costs stack.</summary>
    public const int DeepestNesting = 32;

    /// <summary>Reads a text whose outermost value is an object.</summary>
    /// <exception cref="StrictJsonException">The bytes are not such a text.</exception>
    public static StrictObject ParseObject(ReadOnlySpan<byte> utf8) => StrictObject.From(Parse(utf8), path: "");

    /// <summary>Reads a text.</summary>
    /// <exception cref="StrictJsonException">The bytes are not such a text.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            throw new StrictJsonException("The text begins with a byte order mark: write it as UTF-8 without one.");
        }
        if (!Utf8.IsValid(utf8))
        {
            throw new StrictJsonException("The text is not valid UTF-8.");
        }
        try
        {
            RefuseDuplicateNamesAndLoneSurrogates(utf8);
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DeepestNesting });
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            throw new StrictJsonException(
                $"The text is not JSON, or nests deeper than {DeepestNesting} levels (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).", e);
        }
    }

    /// <summary>Writes an object as UTF-8, without white space; other scripts are written as they are, not as escapes.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void RefuseDuplicateNamesAndLoneSurrogates(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DeepestNesting });
        var open = new Stack<HashSet<string>?>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.StartArray:
                    open.Push(null);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                // With two of one name, one reader takes the first and another the last: a signature would cover both readings.
                case JsonTokenType.PropertyName when !open.Peek()!.Add(Unescape(ref reader)):
                    throw new StrictJsonException($"An object has two members of one name (byte {reader.TokenStartIndex}).");
                case JsonTokenType.String:
                    Unescape(ref reader);
                    break;
                // Also where nobody asks for it: no format here has another number, and one reader might round what another does not.
                case JsonTokenType.Number when !IsInteger(reader.ValueSpan):
                    throw new StrictJsonException($"A number is not an integer from 0 to 2^53 - 1, written in digits (byte {reader.TokenStartIndex}).");
            }
        }
    }

    private static bool IsInteger(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long integer) && integer <= StrictObject.LargestInteger;

    private static string Unescape(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new StrictJsonException($"A string has half of a surrogate pair (byte {reader.TokenStartIndex}).", e);
        }
    }
}
