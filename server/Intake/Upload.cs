using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.Intake;

/// <summary>What every upload goes through before a store hears of it: form of the request, ticket, a place, the body.</summary>
public sealed class Upload(TicketOffice tickets, UploadGate gate, TimeProvider time)
{
    /// <param name="request">Its body is read only once the ticket has paid.</param>
    /// <param name="id">The upload id as it stands in the path.</param>
    /// <param name="block">The block of parts that must have been paid.</param>
    /// <param name="contentType">The one the body must have.</param>
    /// <param name="mostInBytes">The longest body.</param>
    /// <param name="take">Judges and stores the body; returns the refusal, or null. The bytes are gone when it has ended.</param>
    /// <param name="cancel">The client left.</param>
    public async Task<Refusal?> TakeAsync(
        HttpRequest request, string id, uint block, string contentType, int mostInBytes,
        Func<Admission, ReadOnlyMemory<byte>, Task<Refusal?>> take, CancellationToken cancel)
    {
        if (UploadId.TryParse(id) is not { } uploadId)
            return Refusals.Malformed;
        var admission = await tickets.AdmitAsync(request, uploadId, block, cancel);
        if (admission.Refusal is { } refusal)
            return refusal;
        if (!MediaType.Is(request, contentType))
            return contentType == MediaType.Octets ? Refusals.NotOctets : Refusals.Malformed;
        using var place = gate.TryEnter();
        if (place is null)
            return Refusals.Busy;
        using var body = await BodyReader.ReadAsync(request, mostInBytes, time, cancel);
        return body is null ? Refusals.TooLarge : await take(admission, body.Bytes);
    }
}
