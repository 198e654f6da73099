using SecureDrop.Server.Options;

namespace SecureDrop.Server.SourceApi;

/// <summary>The one page and its policy, read once at start: what is served cannot change under a running server.</summary>
public sealed record Page(ReadOnlyMemory<byte> Html, string ContentSecurityPolicy)
{
    /// <exception cref="ConfigurationException">A file is missing or its policy is not one line.</exception>
    public static Page Load(string folder)
    {
        var html = Path.Combine(folder, "page.html");
        var csp = Path.Combine(folder, "page.csp");
        var missing = new[] { html, csp }.Where(file => !File.Exists(file)).ToList();
        if (missing.Count > 0)
            throw new ConfigurationException([.. missing.Select(file => $"The page is not built: {file} is missing; run `node build.mjs` in server/Web and build the server again.")]);
        var policy = File.ReadAllText(csp).TrimEnd('\n');
        return policy.Length > 0 && policy.All(c => c is >= ' ' and <= '~')
            ? new(File.ReadAllBytes(html), policy)
            : throw new ConfigurationException([$"{csp} must be one line of ASCII: the page's Content-Security-Policy."]);
    }
}
