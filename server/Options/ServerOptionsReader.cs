using System.Net;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Server.Options;

/// <summary>Reads the settings and says, all at once, which of them cannot work.</summary>
public static class ServerOptionsReader
{
    private const string S = ServerOptions.Section;
    private const string FileName = "appsettings.json";
    private const string ArgumentPrefix = $"--{S}:";
    private static readonly string SocketForm = $"unix:<absolute path of at most {ListenAddress.LongestSocketPathInBytes} bytes>";

    // A day's key serves until the second day after it; a shorter life would end days that still take uploads.
    private const int ShortestRetentionInDays = 8;
    private const int LongestRetentionInDays = 3650;

    // With fewer, one visit would show in the difficulty that everybody can ask for; more is no machine's.
    private const int LeastUploadsPerMinute = 60;
    private const int MostUploadsPerMinute = 1_000_000;

    // A pebibyte; and what a machine of this kind has memory and handles for.
    private const int MostMebibytes = 1 << 30;
    private const int MostAtOnce = 4096;
    private const int MostConnections = 65_536;

    /// <summary>From <c>appsettings.json</c> in a folder, then the environment, then the command line; later ones win.</summary>
    /// <exception cref="ConfigurationException">One sentence for each setting that cannot work.</exception>
    public static ServerOptions Load(string folder, IReadOnlyList<string> arguments)
    {
        var strange = arguments.Where(argument => !argument.StartsWith(ArgumentPrefix, StringComparison.OrdinalIgnoreCase) || !argument.Contains('=')).ToList();
        if (strange.Count > 0)
            throw new ConfigurationException([.. strange.Select(argument => $"{argument} is not understood: settings are written as {ArgumentPrefix}<key>=<value>, and before them may stand backup DIR or restore DIR.")]);
        if (arguments.Any(MongoSettings.IsSecretArgument))
            throw new ConfigurationException([MongoSettings.SecretArgument]);
        IConfiguration configuration;
        try
        {
            configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(folder, FileName), optional: true).AddEnvironmentVariables().AddCommandLine([.. arguments]).Build();
        }
        catch (InvalidDataException e)
        {
            throw new ConfigurationException([$"{Path.Combine(folder, FileName)} cannot be read as JSON: {e.InnerException?.Message ?? e.Message}"]);
        }
        return Read(configuration);
    }

    /// <exception cref="ConfigurationException">One sentence for each setting that cannot work.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(S);
        var problems = SettingShapes.Problems(section, typeof(ServerOptions)).ToList();
        if (problems.Count > 0)
            throw new ConfigurationException(problems);
        var options = section.Get<ServerOptions>() ?? new();
        problems = [.. Problems(options)];
        return problems.Count == 0 ? options : throw new ConfigurationException(problems);
    }

    private static IEnumerable<string> Problems(ServerOptions options)
    {
        var hasMongo = MongoSettings.AreSet(options.Mongo);
        if (string.IsNullOrWhiteSpace(options.Drop.DataDirectory))
        {
            if (!hasMongo)
                yield return $"{S}:Drop:DataDirectory is missing: name the folder that holds the drop's data, or a MongoDB in {S}:Mongo:ConnectionString.";
        }
        else if (hasMongo)
            yield return $"{S}:Drop:DataDirectory and {S}:Mongo:ConnectionString are both set: a drop is kept in one of them; leave the other out.";
        else if (options.Drop.DataDirectory.Contains('\0'))
            yield return $"{S}:Drop:DataDirectory is not the name of a folder.";
        if (!string.IsNullOrEmpty(options.Drop.DropKey) && !MinisignPublicKey.TryParse(options.Drop.DropKey, out _))
            yield return $"{S}:Drop:DropKey is not a minisign public key (RW… and 54 more characters).";
        if (options.Drop.FreeSpaceFloorInMebibytes < 1)
            yield return $"{S}:Drop:FreeSpaceFloorInMebibytes must be at least 1.";
        foreach (var problem in MongoSettings.Problems(options.Mongo).Concat(TicketProblems(options.Tickets)).Concat(LimitProblems(options.Limits)))
            yield return problem;
        if (options.Retention.ReportDays is < ShortestRetentionInDays or > LongestRetentionInDays)
            yield return $"{S}:Retention:ReportDays must be {ShortestRetentionInDays} to {LongestRetentionInDays}.";
        if (options.Retention.DeadDropDays is < 1 or > 31)
            yield return $"{S}:Retention:DeadDropDays must be 1 to 31: sources look no further back.";
        foreach (var problem in ListenerProblems(options))
            yield return problem;
    }

    private static IEnumerable<string> TicketProblems(TicketOptions options)
    {
        if (options.LeastDifficulty is < 0 or > Ticket.LargestDifficulty)
            yield return $"{S}:Tickets:LeastDifficulty must be 0 to {Ticket.LargestDifficulty}: clients give up above that.";
        else if (options.MostDifficulty > Ticket.LargestDifficulty || options.MostDifficulty < options.LeastDifficulty)
            yield return $"{S}:Tickets:MostDifficulty must be {S}:Tickets:LeastDifficulty to {Ticket.LargestDifficulty}: clients give up above that.";
        if (options.QuietUploadsPerMinute is < LeastUploadsPerMinute or > MostUploadsPerMinute)
            yield return $"{S}:Tickets:QuietUploadsPerMinute must be {LeastUploadsPerMinute} to {MostUploadsPerMinute}.";
    }

    private static IEnumerable<string> LimitProblems(LimitOptions options)
    {
        (string Key, int Value, int Least, int Most)[] limits =
        [
            (nameof(options.DayInMebibytes), options.DayInMebibytes, 1, MostMebibytes),
            (nameof(options.UncommittedInMebibytes), options.UncommittedInMebibytes, 1, MostMebibytes),
            (nameof(options.NearlyFullInMebibytes), options.NearlyFullInMebibytes, 1, MostMebibytes),
            (nameof(options.TextsAtOnce), options.TextsAtOnce, 2, MostAtOnce),
            (nameof(options.PartsAtOnce), options.PartsAtOnce, 2, MostAtOnce),
            (nameof(options.AnswersAtOnce), options.AnswersAtOnce, 1, MostAtOnce),
            (nameof(options.Connections), options.Connections, 64, MostConnections),
        ];
        return limits.Where(limit => limit.Value < limit.Least || limit.Value > limit.Most)
            .Select(limit => $"{S}:Limits:{limit.Key} must be {limit.Least} to {limit.Most}.");
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
        if (isSourceRight && IsEveryAddress(source!) && options.Source.Hosts.Count == 0)
            yield return $"{S}:Source:Hosts is missing: {S}:Source:Listen is every address of this machine, so say under which names the drop is reached.";
        for (var i = 0; i < options.Source.Hosts.Count; i++)
        {
            if (!IsHost(options.Source.Hosts[i]))
                yield return $"{S}:Source:Hosts:{i} is not a host name (with or without a port).";
        }
        foreach (var problem in ClearnetSettings.Problems(options.Source))
            yield return problem;
        if (string.IsNullOrEmpty(options.Reviewer.Origin))
        {
            if (isReviewerRight && reviewer!.SocketPath is not null)
                yield return $"{S}:Reviewer:Origin is missing: a Unix socket has no origin, so say how reviewers dial it.";
            if (isReviewerRight && IsEveryAddress(reviewer!))
                yield return $"{S}:Reviewer:Origin is missing: {S}:Reviewer:Listen is every address of this machine, so say how reviewers dial it.";
        }
        else if (!Uri.TryCreate(options.Reviewer.Origin, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https")
            || origin.GetLeftPart(UriPartial.Authority) != options.Reviewer.Origin)
        {
            yield return $"{S}:Reviewer:Origin must be scheme, host and port only, in lower case, such as http://127.0.0.1:8081.";
        }
    }

    private static bool IsEveryAddress(ListenAddress address) =>
        address.Address is { } ip && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));

    private static bool IsHost(string text) =>
        !text.AsSpan().ContainsAny("/@?#") && HostString.FromUriComponent(text) is { Host.Length: > 0 } host
        && (host.Port is not null || host.Host.Length == text.Length || text.EndsWith(']')) && Uri.CheckHostName(host.Host.Trim('[', ']')) != UriHostNameType.Unknown;
}
