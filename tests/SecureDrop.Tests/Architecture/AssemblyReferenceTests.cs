using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using SecureDrop.Crypto.Age;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Architecture;

/// <summary>Who may name what, read from project files and from the metadata of what was built.</summary>
public sealed class AssemblyReferenceTests
{
    private static readonly Assembly Crypto = typeof(AgeSealStream).Assembly;
    private static readonly Assembly Server = typeof(SecureDrop.Server.Hosting.DropServer).Assembly;

    [Theory]
    [InlineData("crypto/SecureDrop.Crypto.csproj")]
    [InlineData("server/SecureDrop.Server.csproj", "../crypto/SecureDrop.Crypto.csproj")]
    [InlineData("reviewer-cli/SecureDrop.Reviewer.csproj", "../crypto/SecureDrop.Crypto.csproj")]
    public void Project_ReferencesOfOurs_AreTheseAndNoOther(string project, params string[] expected)
    {
        var document = XDocument.Load(Path.Combine(StockProgram.RepositoryRoot, project));
        Assert.Equal(expected, document.Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value));
    }

    [Fact]
    public void Server_TypesItNamesOfCrypto_OpenNothingAndHoldNoPrivateKey()
    {
        var forbidden = SecretTypes().Concat(OpeningTypes()).Select(type => type.FullName!).ToHashSet();
        // Were this list empty, or were the server to name nothing of crypto, the test would hold nothing.
        Assert.Superset(new HashSet<string>
        {
            "SecureDrop.Crypto.Age.AgeOpenStream", "SecureDrop.Crypto.Age.Recipients.HybridIdentity", "SecureDrop.Crypto.Age.Recipients.X25519Identity",
            "SecureDrop.Crypto.Age.Recipients.ScryptPassphrase", "SecureDrop.Crypto.Minisign.MinisignKeyPair", "SecureDrop.Crypto.Codenames.Codename",
            "SecureDrop.Crypto.Codenames.CodenameKeys", "SecureDrop.Crypto.Age.IAgeIdentity",
        }, forbidden);
        var named = NamedTypes(Server).Where(name => name.StartsWith("SecureDrop.Crypto.", StringComparison.Ordinal)).ToHashSet();
        Assert.Contains("SecureDrop.Crypto.ProofOfWork.Ticket", named);
        Assert.Empty(named.Intersect(forbidden));
    }

    [Fact]
    public void Server_DoesNotNameTheCryptoLibraryItself()
    {
        // NSec's keys would be a second way to hold a private one.
        Assert.DoesNotContain(NamedTypes(Server), name => name.StartsWith("NSec.", StringComparison.Ordinal));
    }

    [Fact]
    public void SecretTypes_AreSealedDisposableAndSayNothing()
    {
        var secrets = SecretTypes().Append(typeof(SecureDrop.Server.Days.DayKey)).ToList();
        Assert.True(secrets.Count >= 5, "the secret types were not found");
        Assert.All(secrets, type =>
        {
            Assert.True(type.IsSealed, $"{type} is not sealed");
            Assert.True(typeof(IDisposable).IsAssignableFrom(type), $"{type} is not disposable");
            var toString = type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType!;
            // Records write all of their members; anything else writes its own name or something it was made to write.
            Assert.Null(type.GetMethod("<Clone>$"));
            Assert.True(toString == typeof(object) || toString == type, $"{type} takes its ToString from {toString}");
        });
    }

    /// <summary>Types that hold a secret: identities, key pairs, codenames, passphrases.</summary>
    private static IEnumerable<Type> SecretTypes() => Crypto.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false }
        && (typeof(IAgeIdentity).IsAssignableFrom(type)
            || type.Name.EndsWith("KeyPair", StringComparison.Ordinal)
            || type.Name is "Codename" or "CodenameKeys" or "ScryptPassphrase"));

    /// <summary>Types that turn sealed bytes into plain ones.</summary>
    private static IEnumerable<Type> OpeningTypes() => Crypto.GetExportedTypes().Where(type =>
        type == typeof(IAgeIdentity) || type.Name is "AgeOpenStream" or "ReportReader" or "DeadDropReader" or "ReplyCopyReader"
        || type.Name.StartsWith("MinisignSecretKey", StringComparison.Ordinal));

    private static HashSet<string> NamedTypes(Assembly assembly)
    {
        using var file = File.OpenRead(assembly.Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(handle =>
        {
            var reference = metadata.GetTypeReference(handle);
            return $"{metadata.GetString(reference.Namespace)}.{metadata.GetString(reference.Name)}";
        })];
    }
}
