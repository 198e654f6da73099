using System.Text;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Rosters;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>A page as an answer. Its policy allows one thing that no other answer's does: a form that is sent back to this server.</summary>
internal sealed class PlainAnswer(int status, string html, int? retryAfterSeconds = null) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "text/html; charset=utf-8";

    private readonly byte[] _html = Encoding.UTF8.GetBytes(html);

    int? IStatusCodeHttpResult.StatusCode => status;

    /// <summary>What was wrong, and what to do.</summary>
    /// <param name="fault">What was.</param>
    /// <param name="roster">Whose other ways are shown to a person whose file nothing but the drop keeps out.</param>
    public static PlainAnswer Of(PlainFault fault, Roster? roster = null) =>
        new(PlainFaults.StatusOf(fault), PlainView.Fault(fault, roster), PlainFaults.RetryAfterSecondsOf(fault));

    /// <summary>The file is stored.</summary>
    public static PlainAnswer Arrived() => new(StatusCodes.Status200OK, PlainView.Arrived());

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (status >= StatusCodes.Status400BadRequest
            && (status == StatusCodes.Status408RequestTimeout || !await Refusal.DrainAsync(httpContext.Request, PlainIntake.MostReadInBytes)))
        {
            response.Headers.Connection = "close";
        }
        response.StatusCode = status;
        response.Headers.ContentSecurityPolicy = PlainView.Policy;
        if (retryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString();
        response.ContentType = ContentType;
        response.ContentLength = _html.Length;
        await response.Body.WriteAsync(_html, httpContext.RequestAborted);
    }
}

/// <summary>At this address, and where the page has no place for one more, a person looks at what a program reads elsewhere.</summary>
internal sealed class PlainRefusals(RosterDesk rosters) : RefusalForm
{
    public const string Path = "/plain";

    public override IResult Of(HttpRequest request, Refusal refusal)
    {
        var path = request.Path.Value?.TrimEnd('/');
        if (string.Equals(path, Path, StringComparison.OrdinalIgnoreCase))
            return PlainAnswer.Of(PlainFaults.Of(refusal), rosters.Latest?.Roster);
        return string.IsNullOrEmpty(path) && refusal.Status == StatusCodes.Status503ServiceUnavailable
            ? PlainAnswer.Of(PlainFault.NoPage, rosters.Latest?.Roster)
            : refusal;
    }
}
