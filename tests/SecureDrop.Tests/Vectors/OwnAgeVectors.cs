using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Tests.Age;

namespace SecureDrop.Tests.Vectors;

/// <summary>The sealed files of <see cref="OwnVectorWriter"/>, of each kind of recipient that is read, and broken ones with their class of failure.</summary>
internal sealed class OwnAgeVectors : IDisposable
{
    private const string Passphrase = "correct horse battery staple 密码";
    private const int PayloadOverhead = AgeSizes.PayloadNonceSizeInBytes + AgeSizes.TagSizeInBytes;

    private readonly HybridIdentity _hybrid = HybridIdentity.Generate();
    private readonly X25519Recipient _classic = new(RandomNumberGenerator.GetBytes(32));
    private readonly ScryptPassphrase _passphrase = new(Encoding.UTF8.GetBytes(Passphrase), workFactorLog2: 10);
    private readonly JsonArray _files = [];

    internal JsonObject Write()
    {
        HybridRecipient mine = _hybrid.Recipient;
        HybridRecipient other = HybridIdentity.Generate().Recipient;
        foreach (int size in new[] { 0, 1, 65_535, 65_536, 65_537, 131_072 })
        {
            Good("hybrid", $"{size} bytes", Pattern(size), mine);
        }
        Good("hybrid", "to three, the reader in the middle", Pattern(100), other, mine, HybridIdentity.Generate().Recipient);
        Good("hybrid", "to 64, the reader last", Pattern(100), [.. Enumerable.Repeat(other, 63), mine]);
        Fail("hybrid", "sealed to somebody else", "no match", AgeFiles.Seal(Pattern(100), other));
        WriteBroken("hybrid", AgeFiles.Seal(Pattern(100), mine));
        WriteBrokenHybrid(AgeFiles.Seal(Pattern(100), mine));
        WriteBrokenPayload(AgeFiles.Seal(Pattern(2 * AgeSizes.ChunkSizeInBytes), mine));

        (string Kind, IAgeRecipient Right, IAgeRecipient Wrong)[] others =
        [
            ("x25519", _classic, new X25519Recipient(RandomNumberGenerator.GetBytes(32))),
            ("scrypt", _passphrase, new ScryptPassphrase("another"u8, workFactorLog2: 10)),
        ];
        foreach ((string kind, IAgeRecipient right, IAgeRecipient wrong) in others)
        {
            Good(kind, "nothing", [], right);
            Good(kind, "a byte more than a chunk", Pattern(65_537), right);
            Fail(kind, "for another", "no match", AgeFiles.Seal(Pattern(100), wrong));
            WriteBroken(kind, AgeFiles.Seal(Pattern(100), right));
        }
        return new JsonObject { ["identity"] = AgeFiles.SecretText(_hybrid), ["x25519"] = _classic.SecretText, ["passphrase"] = Passphrase, ["files"] = _files };
    }

    public void Dispose()
    {
        _hybrid.Dispose();
        _passphrase.Dispose();
    }

    /// <summary>What breaks a file of any kind.</summary>
    private void WriteBroken(string kind, byte[] file)
    {
        Fail(kind, "another version", "header", WithLines(file, lines => [lines[0].Replace("v1", "v2", StringComparison.Ordinal), .. lines[1..]]));
        Fail(kind, "no stanza", "header", WithLines(file, lines => [lines[0], lines[^1]]));
        Fail(kind, "a stanza without its body", "header", WithLines(file, lines => [lines[0], lines[1], lines[^1]]));
        Fail(kind, "an argument more", "header", WithLines(file, lines => [lines[0], lines[1] + " x", .. lines[2..]]));
        Fail(kind, "carriage returns in the header", "header", WithLines(file, lines => [.. lines.Select(line => line + "\r")]));
        Fail(kind, "a body that is a byte short", "header", WithLines(file, lines => [.. lines[..2], Recoded(lines[2], bytes => bytes[..^1]), lines[3]]));
        Fail(kind, "a byte of the wrapped file key flipped", "no match", WithLines(file, lines => [.. lines[..2], Recoded(lines[2], bytes => Flipped(bytes, 0)), lines[3]]));
        Fail(kind, "a byte of the MAC flipped", "mac", WithLines(file, lines => [.. lines[..3], "--- " + Recoded(lines[3][4..], bytes => Flipped(bytes, 31))]));
        Fail(kind, "a MAC that is a byte short", "header", WithLines(file, lines => [.. lines[..3], "--- " + Recoded(lines[3][4..], bytes => bytes[..^1])]));
        Fail(kind, "padding after the MAC", "header", WithLines(file, lines => [.. lines[..3], lines[3] + "="]));
        // A payload's nonce belongs to the header in the official vectors (stream_no_nonce).
        Fail(kind, "nothing after the header", "header", file[..^(100 + PayloadOverhead)]);
        Fail(kind, "cut in the payload's nonce", "header", file[..^(101 + AgeSizes.TagSizeInBytes)]);
        Fail(kind, "nothing after the payload's nonce", "payload", file[..^(100 + AgeSizes.TagSizeInBytes)]);
        Fail(kind, "the payload's nonce flipped", "payload", Flipped(file, file.Length - 100 - PayloadOverhead));
        Fail(kind, "a sealed byte flipped", "payload", Flipped(file, file.Length - 50));
        Fail(kind, "cut by a byte", "payload", file[..^1]);
        Fail(kind, "a byte after the end", "payload", [.. file, 0]);
    }

    private void WriteBrokenHybrid(byte[] file)
    {
        byte[] WithShare(Func<byte[], byte[]> change) =>
            WithLines(file, lines => [lines[0], "-> mlkem768x25519 " + Recoded(lines[1].Split(' ')[2], change), .. lines[2..]]);
        Fail("hybrid", "the ML-KEM ciphertext flipped", "no match", WithShare(bytes => Flipped(bytes, 0)));
        Fail("hybrid", "the X25519 share flipped", "no match", WithShare(bytes => Flipped(bytes, 1088)));
        Fail("hybrid", "an X25519 share of small order", "header", WithShare(bytes => [.. bytes[..1088], 1, .. new byte[31]]));
        Fail("hybrid", "a share that is a byte long", "header", WithShare(bytes => [.. bytes, 0]));
        Fail("hybrid", "the stanza twice", "mac", WithLines(file, lines => [.. lines[..3], .. lines[1..]]));
        Fail("hybrid", "nothing at all", "header", []);
        Fail("hybrid", "the version line alone", "header", "age-encryption.org/v1\n"u8.ToArray());
        Fail("hybrid", "no age file", "header", [.. "PK\u0003\u0004"u8, .. new byte[1000]]);
    }

    private void WriteBrokenPayload(byte[] file)
    {
        int start = file.Length - 2 * (AgeSizes.ChunkSizeInBytes + AgeSizes.TagSizeInBytes);
        byte[] header = file[..start];
        byte[] first = file[start..^(AgeSizes.ChunkSizeInBytes + AgeSizes.TagSizeInBytes)];
        byte[] second = file[^(AgeSizes.ChunkSizeInBytes + AgeSizes.TagSizeInBytes)..];
        Fail("hybrid", "no final chunk", "payload", [.. header, .. first]);
        Fail("hybrid", "the final chunk alone", "payload", [.. header, .. second]);
        Fail("hybrid", "chunks swapped", "payload", [.. header, .. second, .. first]);
        Fail("hybrid", "the final chunk twice", "payload", [.. header, .. first, .. second, .. second]);
    }

    private static byte[] Pattern(int size) => [.. Enumerable.Range(0, size).Select(index => (byte)(index * 11 % 253))];

    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];

    private static string Recoded(string text, Func<byte[], byte[]> change) =>
        Convert.ToBase64String(change(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')))).TrimEnd('=');

    /// <summary>The header's lines changed: version, stanza, body, MAC. The payload stays.</summary>
    private static byte[] WithLines(byte[] file, Func<string[], string[]> change)
    {
        int mac = file.AsSpan().IndexOf("\n---"u8) + 1;
        int end = mac + file.AsSpan(mac).IndexOf((byte)'\n');
        string header = string.Join('\n', change(Encoding.ASCII.GetString(file, 0, end).Split('\n')));
        return [.. Encoding.ASCII.GetBytes(header), .. file[end..]];
    }

    private void Good(string kind, string what, byte[] plaintext, params IReadOnlyList<IAgeRecipient> recipients) => Add(kind, what, AgeFiles.Seal(plaintext, recipients), new JsonObject
    {
        ["failure"] = null,
        ["bytes"] = plaintext.Length,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(plaintext)),
    });

    private void Fail(string kind, string what, string failure, byte[] file) => Add(kind, what, file, new JsonObject { ["failure"] = failure });

    private void Add(string kind, string what, byte[] file, JsonObject outcome)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"age/{_files.Count + 1:00}.age");
        OwnVectorWriter.WriteFile(name, file);
        outcome.Insert(0, "what", what);
        outcome.Insert(0, "kind", kind);
        outcome.Insert(0, "file", name);
        _files.Add((JsonNode)outcome);
    }
}
