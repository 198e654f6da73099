using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace SecureDrop.Server.Options;

/// <summary>Where an application listens: an address and port, or a Unix socket, behind which no remote address exists.</summary>
public sealed record ListenAddress(IPAddress? Address, int Port, string? SocketPath)
{
    /// <summary>Linux's <c>sun_path</c>, without the NUL that ends it (unix(7)).</summary>
    public const int LongestSocketPathInBytes = 107;

    private const string UnixPrefix = "unix:";

    public static bool TryParse(string? text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        if (text is null)
            return false;
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            if (Path.IsPathFullyQualified(path) && Encoding.UTF8.GetByteCount(path) <= LongestSocketPathInBytes)
                address = new(null, 0, path);
        }
        else if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http", AbsolutePath: "/", Query: "", UserInfo: "" }
            && !text.EndsWith('/'))
        {
            if (string.Equals(uri.Host, "localhost", StringComparison.Ordinal))
                address = new(IPAddress.Loopback, uri.Port, null);
            else if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip))
                address = new(ip, uri.Port, null);
        }
        return address is not null;
    }

    public static ListenAddress Parse(string text) => TryParse(text, out var address) ? address : throw new FormatException("Not a listen address.");
}
