using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SecureDrop.Crypto.Json;

/// <summary>
/// An object of a strictly read text. Each <c>Require…</c> gives a member or throws a <see cref="StrictJsonException"/> that names the
/// member's place. Members nobody asks for are ignored.
/// </summary>
public readonly struct StrictObject
{
    /// <summary>2^53 − 1: the largest integer that JavaScript holds exactly.</summary>
    public const long LargestInteger = (1L << 53) - 1;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly JsonElement _object;

    private StrictObject(JsonElement element, string path)
    {
        _object = element;
        Path = path;
    }

    /// <summary>Where the object stands in the text, such as <c>reviewers[0].recipient</c>; empty for the outermost.</summary>
    public string Path { get; }

    /// <summary>The element itself.</summary>
    public JsonElement Element => _object;

    /// <summary>Takes an element that <see cref="StrictJson.Parse"/> gave.</summary>
    /// <exception cref="StrictJsonException">It is not an object.</exception>
    public static StrictObject From(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? new StrictObject(element, path)
        : throw Wrong(path.Length == 0 ? "The text" : path, "is not an object");

    /// <summary>A member of any type but absent.</summary>
    public JsonElement Require(string name) => _object.TryGetProperty(name, out JsonElement value) ? value : throw Error(name, "is missing");

    /// <summary>A string.</summary>
    public string RequireText(string name) => Text(Require(name)) ?? throw Error(name, "is not a string");

    /// <summary>A string or null.</summary>
    public string? RequireTextOrNull(string name) => IsNull(name) ? null : RequireText(name);

    /// <summary>A string that must be exactly <paramref name="expected"/>: the format's name.</summary>
    public void RequireExactly(string name, string expected)
    {
        if (RequireText(name) != expected)
        {
            throw Error(name, $"is not \"{expected}\": this is another kind of text, or one of a later version");
        }
    }

    /// <summary>An integer written in digits only, from <paramref name="smallest"/> to <paramref name="largest"/>.</summary>
    public long RequireInteger(string name, long smallest = 0, long largest = LargestInteger)
    {
        JsonElement value = Require(name);
        // 1.0, 1e0 and -0 are numbers to some readers and not to others; the spelling is digits.
        return value.ValueKind == JsonValueKind.Number
            && long.TryParse(JsonMarshal.GetRawUtf8Value(value), NumberStyles.None, CultureInfo.InvariantCulture, out long integer)
            && integer >= smallest && integer <= largest
                ? integer
                : throw Error(name, $"is not an integer from {smallest} to {largest}, written in digits");
    }

    /// <summary>true or false.</summary>
    public bool RequireBoolean(string name) => Require(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error(name, "is neither true nor false"),
    };

    /// <summary>A UTC day, <c>2026-11-24</c>.</summary>
    public DateOnly RequireDay(string name) => Day.TryParse(RequireText(name), out DateOnly day) ? day : throw Error(name, "is not a day such as 2026-11-24");

    /// <summary>Bytes in lower-case hex, exactly <paramref name="sizeInBytes"/>.</summary>
    public byte[] RequireHex(string name, int sizeInBytes)
    {
        string text = RequireText(name);
        if (text.Length != sizeInBytes * 2 || text.AsSpan().ContainsAnyExcept(HexDigits))
        {
            throw Error(name, $"is not {sizeInBytes} bytes in lower-case hex");
        }
        return Convert.FromHexString(text);
    }

    /// <summary>An object.</summary>
    public StrictObject RequireObject(string name) => From(Require(name), PathOf(name));

    /// <summary>An array of objects.</summary>
    public IReadOnlyList<StrictObject> RequireObjects(string name, int atMost = int.MaxValue)
    {
        string path = PathOf(name);
        return [.. Items(name, atMost).Select((item, index) => From(item, $"{path}[{index}]"))];
    }

    /// <summary>An array of strings.</summary>
    public IReadOnlyList<string> RequireTexts(string name, int atMost = int.MaxValue)
    {
        StrictObject self = this;
        return [.. Items(name, atMost).Select((item, index) => Text(item) ?? throw self.Error($"{name}[{index}]", "is not a string"))];
    }

    /// <summary>An object whose members, whatever their names, are all strings: texts per language, or answers per question.</summary>
    public IReadOnlyDictionary<string, string> RequireTextMap(string name)
    {
        StrictObject map = RequireObject(name);
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty member in map._object.EnumerateObject())
        {
            texts.Add(member.Name, Text(member.Value) ?? throw Error(name, "has a member that is not a string"));
        }
        return texts;
    }

    /// <summary>True when the member is there and is null.</summary>
    /// <exception cref="StrictJsonException">The member is missing.</exception>
    public bool IsNull(string name) => Require(name).ValueKind == JsonValueKind.Null;

    /// <summary>An exception that names the member.</summary>
    public StrictJsonException Error(string name, string what) => Wrong(PathOf(name), what);

    private static StrictJsonException Wrong(string path, string what) => new($"{path} {what}.");

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private JsonElement.ArrayEnumerator Items(string name, int atMost)
    {
        JsonElement array = Require(name);
        if (array.ValueKind != JsonValueKind.Array)
        {
            throw Error(name, "is not an array");
        }
        return array.GetArrayLength() <= atMost ? array.EnumerateArray() : throw Error(name, $"has more than {atMost} entries");
    }
}
