using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace SecureDrop.Server.Privacy;

/// <summary>
/// What is not HTTP at all never reaches an application: the web server answers it, with the second of this machine's clock as <c>Date</c>.
/// Kept anywhere, that tells when somebody asked; and by how a clock drifts a machine can be known again (Murdoch, "Hot or Not", 2006).
/// The web server tells of each such answer before it is sent, and it is begun here, with the headers of every other one.
/// </summary>
internal sealed class MalformedAnswers(ResponseHeaders headers) : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Listens for this one event and no other: those of requests would cost something for each.</summary>
    public void ListenTo(DiagnosticListener source) => source.Subscribe(this, static name => string.Equals(name, Event, StringComparison.Ordinal));

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features || new DefaultHttpContext(features).Response is not { HasStarted: false } response)
            return;
        headers.Apply(response);
        response.Headers.Connection = "close";
        // Begun here, or the web server would set its own headers once more. That only writes to a buffer, so nothing is waited for.
        response.StartAsync().GetAwaiter().GetResult();
    }

    public void OnError(Exception error)
    {
    }

    public void OnCompleted()
    {
    }
}
