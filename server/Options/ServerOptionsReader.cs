using System.Reflection;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Server.Options;

/// <summary>Reads the settings and says, all at once, which of them cannot work.</summary>
public static class ServerOptionsReader
{
    private const string S = ServerOptions.Section;
    private static readonly string SocketForm = $"unix:<absolute path of at most {ListenAddress.LongestSocketPathInBytes} bytes>";

    // A day's key serves until the second day after it; a shorter life would end days that still take uploads.
    private const int ShortestRetentionInDays = 8;
    private const int LongestRetentionInDays = 3650;

    /// <exception cref="ConfigurationException">One sentence for each setting that cannot work.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        ServerOptions options;
        try
        {
            options = configuration.GetSection(S).Get<ServerOptions>() ?? new();
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationException([e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message]);
        }
        var problems = UnknownKeys(configuration.GetSection(S), typeof(ServerOptions)).Concat(Problems(options)).ToList();
        return problems.Count == 0 ? options : throw new ConfigurationException(problems);
    }

    /// <summary>A misspelt key is an error: a setting that silently does nothing is worse than none.</summary>
    private static IEnumerable<string> UnknownKeys(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is null)
                yield return $"{child.Path} is not a setting of this server.";
            else if (property.PropertyType.Namespace == type.Namespace)
            {
                foreach (var problem in UnknownKeys(child, property.PropertyType))
                    yield return problem;
            }
        }
    }

    private static IEnumerable<string> Problems(ServerOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Drop.DataDirectory))
            yield return $"{S}:Drop:DataDirectory is missing: name the folder that holds the drop's data.";
        if (!string.IsNullOrEmpty(options.Drop.DropKey) && !MinisignPublicKey.TryParse(options.Drop.DropKey, out _))
            yield return $"{S}:Drop:DropKey is not a minisign public key (RW… and 54 more characters).";
        if (options.Drop.FreeSpaceFloorInMebibytes < 1)
            yield return $"{S}:Drop:FreeSpaceFloorInMebibytes must be at least 1.";
        if (options.Tickets.Difficulty is < 0 or > Ticket.LargestDifficulty)
            yield return $"{S}:Tickets:Difficulty must be 0 to {Ticket.LargestDifficulty}: clients give up above that.";
        if (options.Retention.ReportDays is < ShortestRetentionInDays or > LongestRetentionInDays)
            yield return $"{S}:Retention:ReportDays must be {ShortestRetentionInDays} to {LongestRetentionInDays}.";
        if (options.Retention.DeadDropDays is < 1 or > 31)
            yield return $"{S}:Retention:DeadDropDays must be 1 to 31: sources look no further back.";
        foreach (var problem in ListenerProblems(options))
            yield return problem;
    }

    private static IEnumerable<string> ListenerProblems(ServerOptions options)
    {
        var isSourceRight = ListenAddress.TryParse(options.Source.Listen, out var source);
        if (!isSourceRight)
            yield return $"{S}:Source:Listen must be http://<IP address>:<port> or {SocketForm}.";
        var isReviewerRight = ListenAddress.TryParse(options.Reviewer.Listen, out var reviewer);
        if (!isReviewerRight)
            yield return $"{S}:Reviewer:Listen must be http://<IP address>:<port> or {SocketForm}.";
        if (isSourceRight && isReviewerRight && source == reviewer && source!.Port != 0)
            yield return $"{S}:Reviewer:Listen is the same as {S}:Source:Listen: the two must be apart.";
        if (isSourceRight && source!.SocketPath is not null && options.Source.Hosts.Count == 0)
            yield return $"{S}:Source:Hosts is missing: a Unix socket has no name, so say under which names the drop is reached.";
        for (var i = 0; i < options.Source.Hosts.Count; i++)
        {
            if (!IsHost(options.Source.Hosts[i]))
                yield return $"{S}:Source:Hosts:{i} is not a host name (with or without a port).";
        }
        if (string.IsNullOrEmpty(options.Reviewer.Origin))
        {
            if (isReviewerRight && reviewer!.SocketPath is not null)
                yield return $"{S}:Reviewer:Origin is missing: a Unix socket has no origin, so say how reviewers dial it.";
        }
        else if (!Uri.TryCreate(options.Reviewer.Origin, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https")
            || origin.GetLeftPart(UriPartial.Authority) != options.Reviewer.Origin)
        {
            yield return $"{S}:Reviewer:Origin must be scheme, host and port only, in lower case, such as http://127.0.0.1:8081.";
        }
    }

    private static bool IsHost(string text) =>
        HostString.FromUriComponent(text) is { Host.Length: > 0 } host && Uri.CheckHostName(host.Host.Trim('[', ']')) != UriHostNameType.Unknown;
}
