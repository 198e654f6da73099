using SecureDrop.Crypto.Json;
using Xunit;

namespace SecureDrop.Tests.Json;

public sealed class StrictObjectTests
{
    private const string Text = """
        {"text":"x","none":null,"integer":7,"largest":9007199254740991,"yes":true,"day":"2026-11-24","hex":"00ff",
         "object":{"inner":1},"objects":[{"a":1},{"a":2}],"texts":["a","b"],"map":{"en":"x","zh-Hans":"长"},"mixed":["a",1]}
        """;

    private static StrictObject Read() => StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(Text));

    [Fact]
    public void Require_ProperMembers_AreGiven()
    {
        StrictObject read = Read();
        Assert.Equal("x", read.RequireText("text"));
        Assert.Null(read.RequireTextOrNull("none"));
        Assert.Equal("x", read.RequireTextOrNull("text"));
        Assert.Equal(7, read.RequireInteger("integer"));
        Assert.Equal(StrictObject.LargestInteger, read.RequireInteger("largest"));
        Assert.True(read.RequireBoolean("yes"));
        Assert.Equal(new DateOnly(2026, 11, 24), read.RequireDay("day"));
        Assert.Equal([0, 255], read.RequireHex("hex", 2));
        Assert.Equal(1, read.RequireObject("object").RequireInteger("inner"));
        Assert.Equal([1L, 2L], read.RequireObjects("objects").Select(o => o.RequireInteger("a")));
        Assert.Equal(["a", "b"], read.RequireTexts("texts"));
        Assert.Equal("长", read.RequireTextMap("map")["zh-Hans"]);
        read.RequireExactly("text", "x");
    }

    public static TheoryData<string, Action<string>> Wrong()
    {
        StrictObject read = Read();
        return new()
        {
            { "text", name => read.RequireInteger(name) },
            { "text", name => read.RequireBoolean(name) },
            { "text", name => read.RequireDay(name) },
            { "text", name => read.RequireHex(name, 1) },
            { "text", name => read.RequireObject(name) },
            { "text", name => read.RequireObjects(name) },
            { "text", name => read.RequireTextMap(name) },
            { "text", name => read.RequireExactly(name, "y") },
            { "integer", name => read.RequireText(name) },
            { "integer", name => read.RequireInteger(name, 8) },
            { "integer", name => read.RequireInteger(name, 0, 6) },
            { "none", name => read.RequireText(name) },
            { "hex", name => read.RequireHex(name, 1) },
            { "mixed", name => read.RequireTexts(name) },
            { "mixed", name => read.RequireObjects(name) },
            { "texts", name => read.RequireTexts(name, 1) },
            { "object", name => read.RequireTextMap(name) },
            { "missing", name => read.RequireText(name) },
            { "missing", name => read.RequireTextOrNull(name) },
            { "missing", name => read.IsNull(name) },
        };
    }

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Require_AnotherType_NamesThePlace(string name, Action<string> require) =>
        Assert.StartsWith(name, Assert.Throws<StrictJsonException>(() => require(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Require_DeepInside_NamesTheWholePlace() =>
        Assert.StartsWith("objects[1].b ", Assert.Throws<StrictJsonException>(() => Read().RequireObjects("objects")[1].RequireText("b")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("FF")]
    [InlineData("0")]
    [InlineData("0g")]
    [InlineData(" 0")]
    public void RequireHex_AnotherSpelling_IsRefused(string hex) =>
        Assert.Throws<StrictJsonException>(() => StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes($$"""{"h":"{{hex}}"}""")).RequireHex("h", 1));

    [Theory]
    [InlineData("2026-02-29")]
    [InlineData("2026-1-1")]
    [InlineData("2026-11-24 ")]
    [InlineData("26-11-24")]
    [InlineData("2026-11-24T00:00:00Z")]
    [InlineData("２０２６-11-24")]
    [InlineData("")]
    public void Day_AnotherSpelling_IsNone(string text) => Assert.False(Day.TryParse(text, out _));

    [Fact]
    public void Day_Written_IsReadBack()
    {
        Assert.Equal("0001-02-03", Day.Write(new DateOnly(1, 2, 3)));
        Assert.True(Day.TryParse("2028-02-29", out DateOnly leap));
        Assert.Equal("2028-02-29", Day.Write(leap));
    }
}
