using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Api;

public sealed class CertificateTests
{
    [Fact]
    public async Task Connection_CertificateThatNamesAPlaceForItsIssuer_AsksNobodyThere()
    {
        // RFC 5280, 4.2.2.1: a client may fetch a missing issuer from there. It would do so past the proxy, from an address of an attacker's choice.
        using TcpListener server = new(IPAddress.Loopback, 0), issuers = new(IPAddress.Loopback, 0);
        server.Start();
        issuers.Start();
        using X509Certificate2 certificate = WithMissingIssuer($"http://127.0.0.1:{Port(issuers)}/ca.crt");
        Task serving = ServeOnceAsync(server, certificate);
        Task<TcpClient> asked = issuers.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        _ = asked.ContinueWith(static client => client.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
        using ReviewerConnection connection = new($"https://localhost:{Port(server)}", null, null);
        ReviewerException refused = await Assert.ThrowsAsync<ReviewerException>(() => connection.BytesAsync("api/v1/status", false, CancellationToken.None));
        Assert.Equal(ExitCode.Unreachable, refused.ExitCode);
        Assert.Contains("certificate", refused.Message, StringComparison.Ordinal);
        await serving;
        Assert.False(asked.IsCompleted, "the place that the certificate names was asked");
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static X509Certificate2 WithMissingIssuer(string place)
    {
        using ECDsa issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [place]));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 bare = request.Create(new X500DistinguishedName("CN=missing"), X509SignatureGenerator.CreateForECDsa(issuerKey),
            now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
        using X509Certificate2 withKey = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private static async Task ServeOnceAsync(TcpListener server, X509Certificate2 certificate)
    {
        using TcpClient client = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using SslStream stream = new(client.GetStream());
        try
        {
            // Offline: else the server itself would ask for the issuer of its own certificate.
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
            _ = await stream.ReadAsync(new byte[1]);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client does not take it.
        }
    }
}
