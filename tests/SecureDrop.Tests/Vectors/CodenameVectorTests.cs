using System.Text.Json;
using SecureDrop.Crypto.Codenames;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using Xunit;

namespace SecureDrop.Tests.Vectors;

public sealed class CodenameVectorTests
{
    private static readonly JsonElement File = VectorFile.Json("codenames.json");

    [Fact]
    public void Codename_OfEveryVector_GivesTheKeysOfTheOtherImplementation()
    {
        int seen = 0;
        foreach (JsonElement v in File.Items("valid"))
        {
            Assert.True(Codename.TryParse(v.Text("words"), out Codename? codename, out _), v.Text("words"));
            using (codename)
            {
                byte[] entropy = new byte[Codename.EntropySizeInBytes];
                codename.CopyEntropyTo(entropy);
                Assert.Equal(v.Text("entropy"), Convert.ToHexStringLower(entropy));
                CodenameLanguage language = v.Text("language") == "en" ? CodenameLanguage.English : CodenameLanguage.SimplifiedChinese;
                Assert.Equal(v.Text("words"), codename.ToWords(language));
                using CodenameKeys keys = codename.DeriveKeys(MinisignPublicKey.Parse(v.Text("dropKey")));
                Assert.Equal(v.Text("recipient"), keys.Recipient.Recipient.Text);
                Assert.Equal(v.Text("signingKey"), keys.Signing.PublicKey.Text);
                Assert.Equal(v.Text("tagKey"), Convert.ToHexStringLower(keys.Tag));
                foreach (JsonProperty shard in v.GetProperty("shards").EnumerateObject())
                {
                    Assert.Equal(shard.Value.GetInt32(), Shard.Of(keys.Tag, int.Parse(shard.Name)));
                }
            }
            seen++;
        }
        Assert.True(seen >= 2);
    }

    [Fact]
    public void Codename_ThatIsNone_IsRefused()
    {
        Assert.NotEmpty(File.Items("refused"));
        foreach (JsonElement v in File.Items("refused"))
        {
            Assert.False(Codename.TryParse(v.GetString(), out _, out CodenameError? error), v.GetString());
            Assert.NotNull(error);
        }
    }
}
