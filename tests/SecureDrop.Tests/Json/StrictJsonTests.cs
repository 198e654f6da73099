using System.Text;
using System.Text.Json;
using CsCheck;
using SecureDrop.Crypto.Json;
using Xunit;

namespace SecureDrop.Tests.Json;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"x":{"a":1,"\u0061":2}}""")]
    [InlineData("""[[{"unknown":[{"b":1,"b":1}]}]]""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":"\udc00\ud800"}""")]
    [InlineData("""{"a":"\ud800x"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    [InlineData("""{"unknown":1.5}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("[1,]")]
    [InlineData("[1 2]")]
    [InlineData("{a:1}")]
    [InlineData("'a'")]
    [InlineData("\"\n\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("NaN")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("/**/{}")]
    [InlineData("{}//")]
    [InlineData("\uFEFF{}")]
    public void Parse_BadSpelling_IsRefused(string text) => Assert.Throws<StrictJsonException>(() => StrictJson.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("22ff22")]
    [InlineData("22c08022")]
    [InlineData("22eda08022")]
    [InlineData("22f490808022")]
    [InlineData("efbbbf7b7d")]
    [InlineData("feff007b007d")]
    public void Parse_BytesThatAreNotPlainUtf8_AreRefused(string hex) => Assert.Throws<StrictJsonException>(() => StrictJson.Parse(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("""{"a":[1,2,{"b":null}],"c":true,"d":"\u00e9\n\ud83d\ude00"}""")]
    [InlineData("[]")]
    [InlineData(" {\t}\r\n")]
    [InlineData("9007199254740991")]
    [InlineData("""{"":{"":[]},"a":{"":1}}""")]
    [InlineData("""{"__proto__":1,"长":"\u0000"}""")]
    public void Parse_ProperText_IsWhatTheStockReaderReads(string text) =>
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(text).RootElement, StrictJson.Parse(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData(StrictJson.DeepestNesting, true)]
    [InlineData(StrictJson.DeepestNesting + 1, false)]
    [InlineData(1_000_000, false)]
    public void Parse_Nesting_IsBounded(int levels, bool accepted)
    {
        byte[] text = Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels));
        if (accepted)
        {
            Assert.Equal(JsonValueKind.Array, StrictJson.Parse(text).ValueKind);
        }
        else
        {
            Assert.Throws<StrictJsonException>(() => StrictJson.Parse(text));
        }
    }

    [Fact]
    public void Parse_AnyBytes_GivesAValueOrThisException() => Gen.OneOf(Gen.Byte.Array[0, 60], JsonLikeBytes()).Sample(
        bytes =>
        {
            try
            {
                StrictJson.Parse(bytes);
                JsonDocument.Parse(bytes).Dispose();
            }
            catch (StrictJsonException e)
            {
                // Its message is shown: nothing that an attacker chose may stand in it.
                Assert.All(e.Message, c => Assert.InRange(c, ' ', '~'));
            }
        },
        iter: 20_000);

    [Fact]
    public void Write_AnyTexts_ReadBackTheSame() => Gen.Dictionary(Gen.String, Gen.String)[0, 5].Sample(
        members =>
        {
            Dictionary<string, string> proper = members.DistinctBy(m => WellFormed(m.Key)).ToDictionary(m => WellFormed(m.Key), m => WellFormed(m.Value));
            byte[] text = StrictJson.Write(json =>
            {
                foreach ((string name, string value) in proper)
                {
                    json.WriteString(name, value);
                }
            });
            StrictObject read = StrictJson.ParseObject(text);
            Assert.All(proper, member => Assert.Equal(member.Value, read.RequireText(member.Key)));
        },
        iter: 500);

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static Gen<byte[]> JsonLikeBytes() =>
        Gen.OneOf(new[] { "{", "}", "[", "]", ",", ":", "\"a\"", "\"\\ud83d\"", "\"\\u0061\"", "1", "-", "0", ".", "e9", "null", "true", " ", "\u0000", "\"" }.Select(Gen.Const).ToArray())
            .Array[1, 14].Select(tokens => Encoding.UTF8.GetBytes(string.Concat(tokens)));
}
