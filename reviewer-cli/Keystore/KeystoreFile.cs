using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>
/// The keystore on disk: JSON in a stock age file under the passphrase. Identities and keys stand in it in their tools' own spelling,
/// so that <c>age</c> and <c>minisign</c> can use them where this program is lost.
/// </summary>
internal sealed class KeystoreFile(HomeDirectory home, PassphraseFile file)
{
    private const string FormatName = "securedrop-keystore/1";

    public bool Exists => File.Exists(home.Keystore);

    /// <exception cref="ReviewerException">No keystore, wrong passphrase, damaged, foreign.</exception>
    public ReviewerKeys Read(ReadOnlySpan<byte> passphrase)
    {
        if (!Exists)
        {
            throw NotThere();
        }

        byte[] json = PassphraseFile.Read(home.Keystore, passphrase, "the keystore");
        try
        {
            KeystoreJson document = JsonSerializer.Deserialize(json, KeystoreJsonContext.Default.KeystoreJson)!;
            return document.Format == FormatName ? FromJson(document) : throw new FormatException("another format");
        }
        catch (Exception e) when (e is JsonException or FormatException or NullReferenceException)
        {
            throw new ReviewerException(ExitCode.Foreign,
                $"{home.Keystore} opens with this passphrase but is no keystore that this version reads. Use the version that wrote it.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    public ReviewerException NotThere() => new(ExitCode.NoKeystore,
        $"There is no keystore in {home.Path} yet. `reviewer init` makes a drop, `reviewer init --reviewer` your own keys; or give --home.");

    public void Write(ReviewerKeys keys, ReadOnlySpan<byte> passphrase, bool overwrite)
    {
        home.Create();
        using KeystoreJson document = ToJson(keys);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(document, KeystoreJsonContext.Default.KeystoreJson);
        try
        {
            file.Write(home.Keystore, json, passphrase, overwrite);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    private static KeystoreJson ToJson(ReviewerKeys keys) => new()
    {
        Format = FormatName,
        Name = keys.Name,
        DropKey = keys.DropKey?.Text,
        SigningKey = Secret(keys.Signing),
        SessionKey = Secret(keys.Session),
        OwnIdentity = Secret(keys.Own),
        MadeStatements = keys.MadeStatements,
        Destroyed = keys.Destroyed,
        Identities =
        [
            .. keys.Identities.Select(i => new IdentityJson
            {
                Secret = Secret(i.Identity), Serial = i.Serial, FirstDay = i.FirstDay, LastDay = i.LastDay,
            }),
        ],
    };

    private static ReviewerKeys FromJson(KeystoreJson document)
    {
        using (document)
        {
            ReviewerKeys keys = new()
            {
                Signing = document.SigningKey.AsBytes(bytes => MinisignSecretKeyFile.Read(bytes)),
                Session = document.SessionKey.AsBytes(bytes => MinisignSecretKeyFile.Read(bytes)),
                Own = HybridIdentity.Parse(document.OwnIdentity.Characters),
                Name = document.Name,
                DropKey = document.DropKey is null ? null : MinisignPublicKey.Parse(document.DropKey),
            };
            keys.MadeStatements.AddRange(document.MadeStatements);
            keys.Destroyed.AddRange(document.Destroyed);
            foreach (IdentityJson identity in document.Identities)
            {
                keys.Identities.Add(new OwnIdentity(
                    HybridIdentity.Parse(identity.Secret.Characters), identity.Serial, identity.FirstDay, identity.LastDay));
            }

            return keys;
        }
    }

    private static SecretText Secret(HybridIdentity identity)
    {
        Span<byte> text = stackalloc byte[HybridIdentity.SecretTextSizeInBytes];
        identity.WriteSecretText(text);
        SecretText secret = SecretText.FromAscii(text);
        CryptographicOperations.ZeroMemory(text);
        return secret;
    }

    private static SecretText Secret(MinisignKeyPair keys)
    {
        byte[] text = MinisignSecretKeyFile.Write(keys);
        SecretText secret = SecretText.FromAscii(text);
        CryptographicOperations.ZeroMemory(text);
        return secret;
    }
}

internal sealed class IdentityJson
{
    public required SecretText Secret { get; init; }

    public long? Serial { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }
}

internal sealed class KeystoreJson : IDisposable
{
    public required string Format { get; init; }

    public required string Name { get; init; }

    public string? DropKey { get; init; }

    public required SecretText SigningKey { get; init; }

    public required SecretText SessionKey { get; init; }

    public required SecretText OwnIdentity { get; init; }

    public required List<IdentityJson> Identities { get; init; }

    public List<string> MadeStatements { get; init; } = [];

    public List<string> Destroyed { get; init; } = [];

    public void Dispose()
    {
        SigningKey.Dispose();
        SessionKey.Dispose();
        OwnIdentity.Dispose();
        foreach (IdentityJson identity in Identities)
        {
            identity.Secret.Dispose();
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(KeystoreJson))]
internal sealed partial class KeystoreJsonContext : JsonSerializerContext;
