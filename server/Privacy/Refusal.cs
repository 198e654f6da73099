using System.Buffers;
using System.Text.Json;
using SecureDrop.Server.Intake;

namespace SecureDrop.Server.Privacy;

/// <summary>
/// An answer that is no: a status and one sentence for a person, as <c>application/problem+json</c> (RFC 9457) without a trace
/// id. Unknown, expired and wrong give the same refusal, byte for byte.
/// </summary>
public sealed class Refusal(int status, string title, int? retryAfterSeconds = null, string? type = null) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>As much of a body as is read and thrown away, so that the client gets to see the refusal: one part, and a little.</summary>
    public const int MostReadInBytes = (1 << 20) + 1024;

    private static readonly TimeSpan DrainedWithin = TimeSpan.FromMinutes(2);

    public int Status { get; } = status;
    public string Title { get; } = title;
    internal int? RetryAfterSeconds => retryAfterSeconds;
    int? IStatusCodeHttpResult.StatusCode => Status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (Status == StatusCodes.Status408RequestTimeout || !await DrainAsync(httpContext.Request, MostReadInBytes))
            response.Headers.Connection = "close";
        response.StatusCode = Status;
        if (retryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString();
        var body = Write();
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    /// <returns>Whether the body was read to its end.</returns>
    internal static async Task<bool> DrainAsync(HttpRequest request, int mostInBytes)
    {
        // Whoever waits for "100 Continue" sees a refusal without having sent anything; reading would ask for the body.
        if (request.ContentLength > mostInBytes || BodyReader.IsAwaited(request))
            return false;
        using var deadline = new CancellationTokenSource(DrainedWithin, request.HttpContext.RequestServices.GetRequiredService<TimeProvider>());
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, request.HttpContext.RequestAborted);
        try
        {
            // Looked at where it lies: thousands of refused clients must not have a buffer each.
            for (var total = 0L; total <= mostInBytes;)
            {
                var read = await request.BodyReader.ReadAsync(both.Token);
                total += read.Buffer.Length;
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return true;
            }
            return false;
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException || deadline.IsCancellationRequested)
        {
            // The body itself is malformed, too large or too slow; the refusal stands whatever it was.
            return false;
        }
    }

    private byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (type is not null)
                writer.WriteString("type", type);
            writer.WriteString("title", Title);
            writer.WriteNumber("status", Status);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
