using System.IO.Compression;
using System.Text;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Tests.Interop;

namespace SecureDrop.Tests.Age;

/// <summary>One of the official test vectors (tests/vectors/cctv-age).</summary>
internal sealed class AgeVector
{
    private readonly ILookup<string, string> _fields;

    private AgeVector(ILookup<string, string> fields, byte[] file)
    {
        _fields = fields;
        File = file;
    }

    internal static string Directory { get; } = Path.Combine(StockProgram.RepositoryRoot, "tests", "vectors", "cctv-age");

    /// <summary>The age file.</summary>
    internal byte[] File { get; }

    internal bool Armored => _fields["armored"].Contains("yes");

    /// <summary>SHA-256 of the plaintext that may be released, or null where no payload is reached.</summary>
    internal string? PayloadSha256 => _fields["payload"].SingleOrDefault();

    /// <summary>The class of failure, or null for success.</summary>
    internal AgeFailure? Expected => _fields["expect"].Single() switch
    {
        "success" => null,
        "header failure" => AgeFailure.Header,
        "HMAC failure" => AgeFailure.Hmac,
        "no match" => AgeFailure.NoMatch,
        "payload failure" => AgeFailure.Payload,
        "armor failure" => AgeFailure.Armor,
        string other => throw new InvalidDataException(other),
    };

    internal static AgeVector Load(string name)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(Path.Combine(Directory, name));
        int end = bytes.AsSpan().IndexOf("\n\n"u8);
        ILookup<string, string> fields = Encoding.UTF8.GetString(bytes.AsSpan(0, end)).Split('\n')
            .Select(line => line.Split(": ", 2)).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        byte[] file = bytes[(end + 2)..];
        return new AgeVector(fields, fields["compressed"].Contains("zlib") ? Inflate(file) : file);
    }

    /// <summary>The vector's identities; a new one where it has none, as it then fails before any is asked.</summary>
    internal IReadOnlyList<IAgeIdentity> CreateIdentities() =>
        _fields["identity"].Concat(_fields["passphrase"]).Any() ? [.. ReadIdentities()] : [HybridIdentity.Generate()];

    private IEnumerable<IAgeIdentity> ReadIdentities() =>
    [
        .. _fields["identity"].Select(text => text.StartsWith(HybridIdentity.Prefix, StringComparison.Ordinal)
            ? (IAgeIdentity)HybridIdentity.Parse(text)
            : X25519Identity.Parse(text)),
        .. _fields["passphrase"].Select(passphrase => new ScryptPassphrase(Encoding.UTF8.GetBytes(passphrase))),
    ];

    private static byte[] Inflate(byte[] compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }
}
