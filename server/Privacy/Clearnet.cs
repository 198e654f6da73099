namespace SecureDrop.Server.Privacy;

/// <summary>
/// What a drop that is also on the open web says there and nowhere else: that browsers come back by TLS only, and where its onion service
/// is. An onion service has its own encryption and needs neither.
/// </summary>
/// <param name="Host">The name there, with its port where that is not 443.</param>
/// <param name="OnionOrigin">The onion service, or null.</param>
public sealed record Clearnet(HostString Host, string? OnionOrigin)
{
    // Two years, what the browsers' own lists ask for. Not for other names below it, which may be somebody else's.
    private const string TwoYears = "max-age=63072000";

    /// <summary>Adds to an answer what belongs there (RFC 6797; Onion-Location of Tor Browser, for what a person opens: never a key's fragment).</summary>
    public void Apply(HttpRequest request, IHeaderDictionary headers)
    {
        if (!string.Equals(request.Host.Value, Host.Value, StringComparison.OrdinalIgnoreCase))
            return;
        headers.StrictTransportSecurity = TwoYears;
        if (OnionOrigin is not null && HttpMethods.IsGet(request.Method) && request.Path.Value is "/" or "/plain")
            headers["Onion-Location"] = OnionOrigin + request.Path.Value;
    }
}
