using System.Globalization;
using System.Text.Json;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Age;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Codenames of every maker: keys at a drop, careless spellings, and words to refuse with the reason.</summary>
public sealed class CodenameVectorTests
{
    public static TheoryData<string> Makers => VectorMaker.All;

    [Theory, MemberData(nameof(Makers))]
    public void Codename_OfEveryMaker_GivesTheKeysOfItsMaker(string maker)
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip(maker, "codenames.json").Items("valid")];
        Assert.True(vectors.Length >= 2);
        Assert.All(vectors, v =>
        {
            Assert.True(Codename.TryParse(v.Text("words"), out Codename? codename, out _));
            using (codename)
            {
                Assert.Equal(v.Text("entropy"), Entropy(codename));
                CodenameLanguage language = v.Text("language") == "en" ? CodenameLanguage.English : CodenameLanguage.SimplifiedChinese;
                Assert.Equal(v.Text("words"), codename.ToWords(language));
                using CodenameKeys keys = codename.DeriveKeys(MinisignPublicKey.Parse(v.Text("dropKey")));
                Assert.Equal(v.Text("identity"), AgeFiles.SecretText(keys.Recipient));
                Assert.Equal(v.Text("recipient"), keys.Recipient.Recipient.Text);
                Assert.Equal(v.Text("signingKey"), keys.Signing.PublicKey.Text);
                Assert.Equal(v.Text("tagKey"), Convert.ToHexStringLower(keys.Tag));
                foreach (JsonProperty shard in v.GetProperty("shards").EnumerateObject())
                {
                    Assert.Equal(shard.Value.GetInt32(), Shard.Of(keys.Tag, int.Parse(shard.Name, CultureInfo.InvariantCulture)));
                }
            }
        });
    }

    [Theory, MemberData(nameof(Makers))]
    public void Codename_TypedCarelessly_IsTheSame(string maker)
    {
        JsonElement index = VectorMaker.IndexOrSkip(maker, "codenames.json");
        // The independent implementation has no such vectors.
        Assert.Equal(maker.Length > 0, index.TryGetProperty("typed", out JsonElement typed));
        Assert.All(maker.Length > 0 ? typed.EnumerateArray() : [], v =>
        {
            Assert.True(Codename.TryParse(v.Text("typed"), out Codename? codename, out CodenameError? error), $"{v.Text("what")}: {error}");
            using (codename)
            {
                Assert.Equal(v.Text("entropy"), Entropy(codename));
            }
        });
    }

    [Theory, MemberData(nameof(Makers))]
    public void Codename_ThatIsNone_IsRefusedForTheReasonNamed(string maker)
    {
        JsonElement[] vectors = [.. VectorMaker.IndexOrSkip(maker, "codenames.json").Items("refused")];
        Assert.NotEmpty(vectors);
        Assert.All(vectors, v =>
        {
            // The independent implementation's say no reason.
            bool reasoned = v.ValueKind == JsonValueKind.Object;
            Assert.False(Codename.TryParse(reasoned ? v.Text("words") : v.GetString(), out Codename? none, out CodenameError? error));
            Assert.Null(none);
            Assert.NotNull(error);
            if (reasoned)
            {
                Assert.Equal(v.Text("check"), error.Problem.ToString().ToLowerInvariant());
                Assert.Equal(v.TryGetProperty("index", out JsonElement index) ? index.GetInt32() : null, error.Index);
            }
        });
    }

    private static string Entropy(Codename codename)
    {
        byte[] entropy = new byte[Codename.EntropySizeInBytes];
        codename.CopyEntropyTo(entropy);
        return Convert.ToHexStringLower(entropy);
    }
}
