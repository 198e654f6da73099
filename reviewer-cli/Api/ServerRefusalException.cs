using System.Net;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Api;

/// <summary>The server answered with a status that is no success.</summary>
internal sealed class ServerRefusalException(string message, HttpStatusCode status) : ReviewerException(ExitCode.Refused, message)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>Whether it may be this one answer that the server cannot give. What is said to a session or to everybody (401, 403, 429) is not.</summary>
    public bool IsOfThisAnswer => Status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.RequestedRangeNotSatisfiable || (int)Status >= 500;
}
