namespace SecureDrop.Server.ReviewerApi;

/// <summary>
/// The origin as reviewers dial it, from the configuration, never from <c>Host</c>. Where none is configured it is the address
/// listened on, known once the server has started.
/// </summary>
public sealed class ReviewerOrigin
{
    public string Value { get; set; } = "";
}
