using SecureDrop.Crypto.Json;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>Reads a JSON body strictly, whoever sent it.</summary>
internal static class StatementBody
{
    /// <summary>A roster of 1 MiB whose every character was escaped, and its successors.</summary>
    public const int LargestRosterInBytes = 8 << 20;

    /// <summary>Any other statement. Anybody may send these, and as many at a time as there are connections.</summary>
    public const int LargestInBytes = 32 << 10;

    public static async Task<(StrictObject Json, Refusal? Refusal)> ReadAsync(
        HttpRequest request, int mostInBytes, TimeProvider time, CancellationToken cancel, Gate.Place? place = null)
    {
        if (!MediaType.Is(request, MediaType.Json))
            return (default, Refusals.Malformed);
        using var body = await BodyReader.ReadAsync(request, mostInBytes, BodyReader.Deadline, time, cancel, place);
        if (body is null)
            return (default, Refusals.TooLarge);
        try
        {
            return (StrictJson.ParseObject(body.Bytes.Span), null);
        }
        catch (StrictJsonException e)
        {
            return (default, Wrong(e));
        }
    }

    /// <summary>The reader's sentence: it names the member, and repeats nothing of the body.</summary>
    public static Refusal Wrong(StrictJsonException exception) => new(StatusCodes.Status400BadRequest, exception.Message);
}
