using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.Options;

/// <summary>Reads and judges <see cref="SourceOptions.ClearnetOrigin"/> and <see cref="SourceOptions.OnionOrigin"/>.</summary>
internal static class ClearnetSettings
{
    private const string S = $"{ServerOptions.Section}:Source";

    // Version 3: 35 bytes in base32 (rend-spec-v3, section 6).
    private const int OnionNameLength = 56;
    private const string Onion = ".onion";

    /// <summary>One sentence for each setting that cannot work.</summary>
    public static IEnumerable<string> Problems(SourceOptions options)
    {
        if (!string.IsNullOrEmpty(options.ClearnetOrigin))
        {
            if (!IsOrigin(options.ClearnetOrigin, "https", out var clearnet) || clearnet.Host.EndsWith(Onion, StringComparison.Ordinal))
                yield return $"{S}:ClearnetOrigin must be https, host and port only, in lower case, such as https://drop.example.org, and no onion address.";
            else if (!new HostNames(options.Hosts).Allows(new HostString(clearnet.Authority)))
                yield return $"{S}:ClearnetOrigin is under a name that is not in {S}:Hosts: nobody would be answered there.";
        }
        if (string.IsNullOrEmpty(options.OnionOrigin))
            yield break;
        if (!IsOrigin(options.OnionOrigin, "http", out var onion) || !IsOnionName(onion.Host))
            yield return $"{S}:OnionOrigin must be http:// and {OnionNameLength} characters with {Onion}, such as tor wrote into the service's file hostname.";
        else if (string.IsNullOrEmpty(options.ClearnetOrigin))
            yield return $"{S}:OnionOrigin is for a drop that has {S}:ClearnetOrigin too: it is where visitors of that are shown the way to.";
    }

    /// <summary>What answers on the open web say, or null for a drop that is not on it.</summary>
    public static Clearnet? Of(SourceOptions options) => string.IsNullOrEmpty(options.ClearnetOrigin)
        ? null
        : new Clearnet(new HostString(new Uri(options.ClearnetOrigin).Authority), string.IsNullOrEmpty(options.OnionOrigin) ? null : options.OnionOrigin);

    private static bool IsOrigin(string text, string scheme, out Uri origin) =>
        Uri.TryCreate(text, UriKind.Absolute, out origin!) && origin.Scheme == scheme && origin.GetLeftPart(UriPartial.Authority) == text;

    private static bool IsOnionName(string host) =>
        host.EndsWith(Onion, StringComparison.Ordinal) && host.Length == OnionNameLength + Onion.Length
        && host[..OnionNameLength].All(c => c is (>= 'a' and <= 'z') or (>= '2' and <= '7'));
}
