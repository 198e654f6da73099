namespace SecureDrop.Server.Options;

/// <summary>Settings that cannot work, one sentence each, each naming its key.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
