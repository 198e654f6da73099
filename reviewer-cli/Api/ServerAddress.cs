using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Api;

/// <summary>Addresses as people give them.</summary>
internal static class ServerAddress
{
    /// <summary>The origin (<c>https://host[:port]</c>) of an address; path, query and fragment must be empty.</summary>
    public static string Origin(string text, string option)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0
            || uri.UserInfo.Length > 0 || uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new ReviewerException(ExitCode.BadInput,
                $"{option} must be an address such as https://host or http://127.0.0.1:8081, without a path.");
        }

        // As a browser writes location.origin, which the page compares: a name of other letters in its ASCII form, no port where it is the usual one.
        string host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
    }

    /// <summary>A link to a drop, <c>https://host/#RW…</c>, cut into its origin and key; a key alone has no origin.</summary>
    public static (string? Origin, string Key) Link(string text)
    {
        string trimmed = text.Trim();
        int hash = trimmed.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? (null, trimmed) : (Origin(trimmed[..hash], "The link"), trimmed[(hash + 1)..]);
    }

    /// <summary>A proxy; <c>socks5h</c> (names resolved by the proxy, as .NET's SOCKS5 always does) or <c>http</c>.</summary>
    public static Uri Proxy(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("socks5h" or "socks5" or "http") || uri.Host.Length == 0)
        {
            throw new ReviewerException(ExitCode.BadInput, "--proxy must be such as socks5h://127.0.0.1:9050.");
        }

        return uri.Scheme == "socks5h" ? new UriBuilder(uri) { Scheme = "socks5" }.Uri : uri;
    }

    /// <summary>Whether what is sent there can be read on the way: no TLS, no onion service, and not this machine.</summary>
    public static bool IsInTheClear(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Scheme == "http" && !uri.IsLoopback && !IsOnion(uri);

    // As it would be looked up: other dots and wide letters mapped, and with or without the dot of the root at its end.
    private static bool IsOnion(Uri uri) => uri.IdnHost.TrimEnd('.').EndsWith(".onion", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// An onion address is never looked up in the network's name service: whoever runs that would learn which drop this machine works
    /// for (RFC 7686, section 2).
    /// </summary>
    public static void RequireProxyForOnion(string origin, Uri? proxy)
    {
        if (proxy is null && IsOnion(new Uri(origin)))
        {
            throw new ReviewerException(ExitCode.BadInput,
                $"{origin} is an onion address, which only Tor reaches: give --proxy socks5h://127.0.0.1:9050 (with Tor Browser open: port 9150). Nothing was sent.");
        }
    }
}
