namespace SecureDrop.Server.Privacy;

/// <summary>
/// The names a listener answers under. A configured name without a port stands for every port. Against a page of somebody
/// else's that points its own name at this machine, and against being asked who lives here.
/// </summary>
public sealed class HostNames(IReadOnlyList<string> names)
{
    private readonly HostString[] _names = [.. names.Select(HostString.FromUriComponent)];

    public bool Allows(HostString host) => host.HasValue && Array.Exists(_names, name =>
        string.Equals(name.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && (name.Port is not { } port || port == (host.Port ?? 80)));
}
