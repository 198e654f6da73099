using System.Text;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using Xunit;

namespace SecureDrop.Tests.Age.Recipients;

public sealed class HybridKeyTests
{
    private static readonly HybridIdentity Identity = HybridIdentity.Generate();

    [Fact]
    public void Text_OfKeys_ReadsBackAndHasItsSize()
    {
        string secret = AgeFiles.SecretText(Identity);
        Assert.Equal(HybridIdentity.SecretTextSizeInBytes, secret.Length);
        Assert.Equal(HybridRecipient.TextLength, Identity.Recipient.Text.Length);
        using HybridIdentity again = HybridIdentity.Parse(secret);
        Assert.Equal(Identity.Recipient, again.Recipient);
        Assert.Equal(Identity.Recipient, HybridRecipient.Parse(Identity.Recipient.Text));
        Assert.StartsWith("age1pq1", Identity.Recipient.ToString(), StringComparison.Ordinal);

        byte[] seed = new byte[HybridIdentity.SeedSizeInBytes];
        Identity.WriteSeed(seed);
        using HybridIdentity fromSeed = HybridIdentity.FromSeed(seed);
        Assert.Equal(Identity.Recipient, fromSeed.Recipient);
        Assert.NotEqual(Identity.Recipient, HybridIdentity.Generate().Recipient);
    }

    [Fact]
    public void Recipient_InAnyOtherSpelling_IsRefused()
    {
        string text = Identity.Recipient.Text;
        string[] others =
        [
            "", "age1pq1", text.ToUpperInvariant(), text[..^1], text + "q", " " + text, text + "\n", "age1" + text["age1pq1".Length..],
            text.Replace("age1pq1", "age1pQ1", StringComparison.Ordinal), AgeFiles.SecretText(Identity),
        ];
        Assert.All(others, other => Assert.False(HybridRecipient.TryParse(other, out _)));
        Assert.False(HybridRecipient.TryParse(null, out _));
        FormatException failure = Assert.Throws<FormatException>(() => HybridRecipient.Parse("age1pq1"));
        Assert.Contains("age1pq1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recipient_WithAnyCharacterChanged_IsRefused()
    {
        char[] text = Identity.Recipient.Text.ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            char was = text[i];
            text[i] = was == 'q' ? 'p' : 'q';
            Assert.False(HybridRecipient.TryParse(new string(text), out _), $"character {i}");
            text[i] = was;
        }
    }

    [Fact]
    public void Recipient_WithACoefficientBeyondTheModulus_IsRefused()
    {
        // 3329 where 3328 is the most: twelve bits would give the numbers up to 766 a second spelling. Others refuse it; so must we.
        byte[] key = Identity.Recipient.Bytes.ToArray();
        key[0] = 0x01;
        key[1] = (byte)((key[1] & 0xf0) | 0x0d);
        Assert.False(HybridRecipient.TryParse(Text(key), out _));
        key[0] = 0x00;
        Assert.True(HybridRecipient.TryParse(Text(key), out _));
    }

    [Theory, InlineData(0), InlineData(1)]
    public void Recipient_WithAPointOfLowOrder_IsRefused(byte point)
    {
        byte[] key = Identity.Recipient.Bytes.ToArray();
        key.AsSpan(1184).Clear();
        key[1184] = point;
        Assert.False(HybridRecipient.TryParse(Text(key), out _));
    }

    [Fact]
    public void Identity_InAnyOtherSpelling_IsRefusedWithoutRepeatingIt()
    {
        string secret = AgeFiles.SecretText(Identity);
        foreach (string other in new[] { "", secret.ToLowerInvariant(), secret[..^1], secret + "\n", secret.Replace("PQ-", "", StringComparison.Ordinal), secret[..^1] + (secret[^1] == 'Q' ? 'P' : 'Q') })
        {
            FormatException failure = Assert.Throws<FormatException>(() => HybridIdentity.Parse(other));
            Assert.DoesNotContain(secret[20..40], failure.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void ToString_OfSecrets_NamesTheTypeOnly()
    {
        using var passphrase = new ScryptPassphrase("hunter2"u8);
        Assert.Equal("HybridIdentity", Identity.ToString());
        Assert.Equal("ScryptPassphrase", passphrase.ToString());
        Assert.Equal("SecretBytes", SecureDrop.Crypto.Interop.SecretBytes.Random(4).ToString());
    }

    [Fact]
    public void Identity_Disposed_GivesNothingAway()
    {
        HybridIdentity identity = HybridIdentity.Generate();
        byte[] file = AgeFiles.Seal([1], identity.Recipient);
        identity.Dispose();
        byte[] text = new byte[HybridIdentity.SecretTextSizeInBytes];
        Assert.Throws<ObjectDisposedException>(() => identity.WriteSecretText(text));
        Assert.Throws<ObjectDisposedException>(() => identity.WriteSeed(text));
        Assert.Throws<ObjectDisposedException>(() => AgeFiles.Open(file, identity));
    }

    [Fact]
    public void TryUnwrap_RemembersItsPlace()
    {
        using HybridIdentity identity = HybridIdentity.Generate();
        byte[] file = AgeFiles.Seal([1], Identity.Recipient, Identity.Recipient, identity.Recipient);
        Assert.Equal([1], AgeFiles.Open(file, identity));
        Assert.Equal(2, identity.LikelyStanza);
        // A place that a shorter file does not have is no error.
        Assert.Equal([2], AgeFiles.Open(AgeFiles.Seal([2], identity.Recipient), identity));
        Assert.Equal(0, identity.LikelyStanza);
        identity.LikelyStanza = -5;
        Assert.Equal([1], AgeFiles.Open(file, identity));
    }

    [Fact]
    public void TryUnwrap_MalformedStanzaBehindTheMatchingOne_IsRefused()
    {
        byte[] fileKey = AgeFiles.Random(16);
        AgeStanza good = Identity.Recipient.Wrap(fileKey);
        var malformed = new AgeStanza(good.Type, [good.Arguments[0], "extra"], good.Body.Span);
        byte[] opened = new byte[16];
        Assert.True(Identity.TryUnwrap([good], opened));
        Assert.Equal(fileKey, opened);
        AgeFormatException failure = Assert.Throws<AgeFormatException>(() => Identity.TryUnwrap([good, malformed], opened));
        Assert.Equal(AgeFailure.Header, failure.Failure);
        Assert.False(HybridStanza.IsWellFormed(malformed));
    }

    [Fact]
    public void Misuse_OfSizes_IsAnArgumentException()
    {
        Assert.Throws<ArgumentException>(() => Identity.Recipient.Wrap(new byte[15]));
        Assert.Throws<ArgumentException>(() => Identity.TryUnwrap([], new byte[17]));
        Assert.Throws<ArgumentException>(() => HybridIdentity.FromSeed(new byte[31]));
        Assert.Throws<ArgumentException>(() => Identity.WriteSecretText(new byte[76]));
    }

    private static string Text(byte[] key)
    {
        byte[] text = new byte[HybridRecipient.TextLength];
        Bech32.Encode(HybridRecipient.Prefix, key, text);
        return Encoding.ASCII.GetString(text);
    }
}
