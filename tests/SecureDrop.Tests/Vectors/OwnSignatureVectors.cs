using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NSec.Cryptography;
using SecureDrop.Crypto.Minisign;

namespace SecureDrop.Tests.Vectors;

/// <summary>The signatures of <see cref="OwnVectorWriter"/>. Those that no signer makes are put together from their parts.</summary>
internal sealed class OwnSignatureVectors
{
    /// <summary>The group's order (RFC 8032, section 5.1).</summary>
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    private readonly byte[] _message = "a statement"u8.ToArray();
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(32);
    private readonly MinisignKeyPair _keys;
    private readonly Key _signer;
    private readonly JsonArray _refused = [];

    internal OwnSignatureVectors()
    {
        _keys = MinisignKeyPair.FromSeed(_seed);
        _signer = Key.Import(SignatureAlgorithm.Ed25519, _seed, KeyBlobFormat.RawPrivateKey);
    }

    private string Good => _keys.Sign(_message, "securedrop/1 report");

    private byte[] Hash => NSec.Cryptography.HashAlgorithm.Blake2b_512.Hash(_message);

    internal JsonObject Write()
    {
        JsonArray valid = [.. Enum.GetValues<StatementPurpose>().Select(purpose => Entry(_keys.Sign(_message, purpose.TrustedComment()), purpose: purpose))];
        valid.Add((JsonNode)Entry(_keys.Sign([], "securedrop/1 report"), message: [], what: "an empty message"));
        valid.Add((JsonNode)Entry(_keys.Sign(_message, "securedrop/1 report", "anything\tat all 😀"), what: "another untrusted comment"));
        valid.Add((JsonNode)Entry(_keys.Sign(_message, "securedrop/1 report", ""), what: "an empty untrusted comment"));
        WriteWronglyMade();
        WriteWronglyWritten();
        WriteWrongKeys();
        WriteWrongPoints();
        return new JsonObject { ["valid"] = valid, ["refused"] = _refused };
    }

    private void WriteWronglyMade()
    {
        MinisignKeyPair other = MinisignKeyPair.Generate();
        byte[] plain = SignatureAlgorithm.Ed25519.Sign(_signer, _message);
        Refuse("signed for another purpose", "purpose", _keys.Sign(_message, "securedrop/1 recipient"));
        Refuse("a purpose of a later version", "purpose", _keys.Sign(_message, "securedrop/2 report"));
        Refuse("a trusted comment as stock minisign writes it", "purpose", _keys.Sign(_message, "timestamp:1\tfile:report.json\thashed"));
        Refuse("other bytes", "signature", Good, message: [.. _message, 0]);
        Refuse("another key", "key number", Good, key: other.PublicKey.Text);
        Refuse("this key's number on another key's signature", "signature", Replace(other.Sign(_message, "securedrop/1 report"), number: _keys.PublicKey.KeyNumber));
        Refuse("not prehashed", "algorithm", Lines("Ed", plain));
        Refuse("not prehashed, said to be", "signature", Lines("ED", plain));
        Refuse("an algorithm of zeros", "algorithm", Lines("\0\0", plain));
        Refuse("the trusted comment changed", "signature", Good.Replace("1 report", "1 roster", StringComparison.Ordinal));
        Refuse("the trusted comment of another signature", "signature", string.Join('\n', [.. Good.Split('\n')[..2], .. _keys.Sign("other"u8, "securedrop/1 report").Split('\n')[2..]]));
    }

    private void WriteWronglyWritten()
    {
        string[] lines = Good.Split('\n');
        Refuse("nothing", "signature", "");
        Refuse("four empty lines", "signature", "\n\n\n\n");
        Refuse("carriage returns", "signature", Good.ReplaceLineEndings("\r\n"));
        Refuse("no line feed at the end", "signature", Good[..^1]);
        Refuse("an empty line between", "signature", Good.Replace("\ntrusted", "\n\ntrusted", StringComparison.Ordinal));
        Refuse("a line more", "signature", Good + "\n");
        Refuse("a byte order mark", "signature", "\ufeff" + Good);
        Refuse("an untrusted comment without its prefix", "signature", string.Join('\n', ["securedrop/1", .. lines[1..]]));
        Refuse("a prefix in capitals", "signature", Good.Replace("untrusted comment", "Untrusted comment", StringComparison.Ordinal));
        Refuse("a control character in the untrusted comment", "signature", Good.Replace("comment: securedrop/1\n", "comment: \u001b[2J\n", StringComparison.Ordinal));
        Refuse("a delete character in the untrusted comment", "signature", Good.Replace("comment: securedrop/1\n", "comment: \u007f\n", StringComparison.Ordinal));
        Refuse("base64 with a space after it", "signature", string.Join('\n', [lines[0], lines[1] + " ", .. lines[2..]]));
        Refuse("base64 without padding", "signature", string.Join('\n', [.. lines[..3], lines[3].TrimEnd('='), ""]));
        Refuse("base64 with spare bits", "signature", string.Join('\n', [.. lines[..3], lines[3][..^3] + (char)(lines[3][^3] + 1) + "==", ""]));
        Refuse("a byte more in base64", "signature", string.Join('\n', [.. lines[..3], Convert.ToBase64String(new byte[65]), ""]));
        Refuse("longer than a signature may be", "signature", Good.Replace("comment: securedrop/1\n", $"comment: {new string('x', 1024)}\n", StringComparison.Ordinal));
        Refuse("an untrusted comment longer than stock minisign's line", "signature", Good.Replace("comment: securedrop/1\n", $"comment: {new string('长', 335)}\n", StringComparison.Ordinal));
    }

    private void WriteWrongKeys()
    {
        byte[] key = _keys.PublicKey.Bytes.ToArray();
        Refuse("a key number that is not the key's", "key", Good, key: KeyText(key, new byte[8]));
        Refuse("a key of small order: zero", "key", Good, key: KeyText(new byte[32]));
        Refuse("a key of small order: one", "key", Good, key: KeyText([1, .. new byte[31]]));
        Refuse("a key of small order: minus one", "key", Good, key: KeyText([0xec, .. Enumerable.Repeat((byte)0xff, 30), 0x7f]));
        Refuse("a key of small order: order 8", "key", Good, key: KeyText(Convert.FromHexString("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")));
        Refuse("a key that is not canonical: p", "key", Good, key: KeyText([0xed, .. Enumerable.Repeat((byte)0xff, 30), 0x7f]));
        Refuse("a key that is not canonical: all ones", "key", Good, key: KeyText([.. Enumerable.Repeat((byte)0xff, 32)]));
        Refuse("a key that is no point: 2", "key", Good, key: KeyText([2, .. new byte[31]]));
        Refuse("a key in a file's two lines", "key", Good, key: _keys.PublicKey.WriteFile());
        Refuse("a key of another algorithm", "key", Good, key: Convert.ToBase64String([.. "EX"u8, .. _keys.PublicKey.KeyNumber, .. key]));
        Refuse("a key with spare characters", "key", Good, key: _keys.PublicKey.Text + "====");
        Refuse("a secret key's seed for a key", "key", Good, key: Convert.ToHexStringLower(new byte[32]));
    }

    private void WriteWrongPoints()
    {
        byte[] good = SignatureAlgorithm.Ed25519.Sign(_signer, Hash);
        BigInteger s = new(good.AsSpan(32), isUnsigned: true);
        Refuse("S not below the group order", "signature", Lines("ED", [.. good[..32], .. Scalar(s + Order)]));
        Refuse("S of all ones", "signature", Lines("ED", [.. good[..32], .. Enumerable.Repeat((byte)0xff, 32)]));
        Refuse("S of another signature", "signature", Lines("ED", [.. good[..32], .. SignatureAlgorithm.Ed25519.Sign(_signer, _message)[32..]]));
        // With R the neutral element, S = k·a fits the equation: only the check of R's order refuses it.
        Refuse("R of small order: one", "signature", Lines("ED", NeutralSignature([1, .. new byte[31]])));
        Refuse("R that is not canonical: p + 1", "signature", Lines("ED", NeutralSignature([0xee, .. Enumerable.Repeat((byte)0xff, 30), 0x7f])));
        Refuse("R and S zero", "signature", Lines("ED", new byte[64]));
    }

    /// <summary>R ‖ S with S = SHA-512(R ‖ A ‖ M)·a, as if R were the neutral element.</summary>
    private byte[] NeutralSignature(byte[] r)
    {
        byte[] expanded = SHA512.HashData(_seed);
        expanded[0] &= 248;
        expanded[31] = (byte)((expanded[31] & 127) | 64);
        BigInteger secret = new(expanded.AsSpan(0, 32), isUnsigned: true);
        BigInteger challenge = new(SHA512.HashData([.. r, .. _keys.PublicKey.Bytes, .. Hash]), isUnsigned: true);
        return [.. r, .. Scalar(challenge * secret % Order)];
    }

    private static byte[] Scalar(BigInteger scalar)
    {
        byte[] bytes = new byte[32];
        scalar.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    private string Lines(string algorithm, byte[] signature)
    {
        byte[] global = SignatureAlgorithm.Ed25519.Sign(_signer, [.. signature, .. "securedrop/1 report"u8]);
        byte[] head = [.. Encoding.Latin1.GetBytes(algorithm), .. _keys.PublicKey.KeyNumber];
        return $"untrusted comment: securedrop/1\n{Convert.ToBase64String([.. head, .. signature])}\ntrusted comment: securedrop/1 report\n{Convert.ToBase64String(global)}\n";
    }

    private static string Replace(string signature, ReadOnlySpan<byte> number)
    {
        string[] lines = signature.Split('\n');
        byte[] bytes = Convert.FromBase64String(lines[1]);
        number.CopyTo(bytes.AsSpan(2));
        lines[1] = Convert.ToBase64String(bytes);
        return string.Join('\n', lines);
    }

    private static string KeyText(byte[] key, byte[]? number = null) => Convert.ToBase64String([.. "Ed"u8, .. number ?? SHA256.HashData(key)[..8], .. key]);

    private JsonObject Entry(string signature, StatementPurpose purpose = StatementPurpose.Report, byte[]? message = null, string? key = null, string? what = null)
    {
        JsonObject entry = new()
        {
            ["purpose"] = purpose.ToString().ToLowerInvariant(),
            ["publicKey"] = key ?? _keys.PublicKey.Text,
            ["message"] = Convert.ToHexStringLower(message ?? _message),
            ["signature"] = signature,
        };
        if (what is not null)
        {
            entry.Insert(0, "what", what);
        }
        return entry;
    }

    private void Refuse(string what, string check, string signature, byte[]? message = null, string? key = null)
    {
        JsonObject entry = Entry(signature, message: message, key: key, what: what);
        entry["check"] = check;
        _refused.Add((JsonNode)entry);
    }
}
