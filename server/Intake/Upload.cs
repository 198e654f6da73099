using SecureDrop.Server.Hosting;
using SecureDrop.Server.Load;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Intake;

/// <summary>Judges and stores a body; returns the refusal, or null. The bytes are gone when it has ended.</summary>
public delegate Task<Refusal?> TakeBody(Admission admission, ReadOnlyMemory<byte> body);

/// <summary>What every upload goes through before a store hears of it: form of the request, ticket, room, a place, the body.</summary>
public sealed class Upload(
    TicketOffice tickets, Demand demand, Room room, InFlight inFlight, TextGate texts, PartGate parts, CommitGate commits, TimeProvider time)
{
    private const int LargestCommitInBytes = 1024;
    private static readonly TimeSpan CommitDeadline = TimeSpan.FromMinutes(1);

    private sealed record Form(uint Block, int MostAtOnce, string ContentType, int MostInBytes, Gate Gate, TimeSpan Deadline, Func<Admission, Task<Refusal?>> RefuseAsync, bool Waits = false);

    /// <summary>A whole report of the smallest class.</summary>
    public Task<Refusal?> TextAsync(HttpRequest request, string id, TakeBody take, CancellationToken cancel) => TakeAsync(
        request, id, new(0, InFlight.MostOfOneText, MediaType.Octets, SealedForm.LargestTextInBytes, texts, BodyReader.Deadline, admission => room.RefuseTextAsync(admission.Day, cancel)),
        take, cancel);

    /// <summary>A part of a larger one; <paramref name="block"/> is the block of parts that must have been paid.</summary>
    public Task<Refusal?> PartAsync(HttpRequest request, string id, uint block, TakeBody take, CancellationToken cancel) => TakeAsync(
        request, id,
        new(block, InFlight.MostOfOneUpload, MediaType.Octets, IReportStore.PartSizeInBytes, parts, BodyReader.Deadline, admission => room.RefusePartAsync(admission.Day, admission.Id, cancel), Waits: true),
        take, cancel);

    /// <summary>Its end. It stores nothing, so no lack of room refuses it.</summary>
    public Task<Refusal?> CommitAsync(HttpRequest request, string id, TakeBody take, CancellationToken cancel) => TakeAsync(
        request, id, new(0, InFlight.MostOfOneUpload, MediaType.Json, LargestCommitInBytes, commits, CommitDeadline, _ => Task.FromResult<Refusal?>(null)), take, cancel);

    /// <summary>A text was stored that was not there before.</summary>
    public void StoredText(DateOnly day, int sizeInBytes)
    {
        room.Stored(day, sizeInBytes, isPart: false);
        demand.Took(1);
    }

    /// <summary>A part was.</summary>
    public void StoredPart(DateOnly day, int sizeInBytes)
    {
        room.Stored(day, sizeInBytes, isPart: true);
        demand.Took(Demand.PartWeight);
    }

    /// <summary>Parts are a report now.</summary>
    public void Committed(long sizeInBytes) => room.Committed(sizeInBytes);

    private async Task<Refusal?> TakeAsync(HttpRequest request, string id, Form form, TakeBody take, CancellationToken cancel)
    {
        if (UploadId.TryParse(id) is not { } uploadId)
            return Refusals.Malformed;
        var admission = await tickets.AdmitAsync(request, uploadId, form.Block, cancel);
        if ((admission.Refusal ?? Wrong(request, form) ?? await form.RefuseAsync(admission)) is { } refusal)
            return refusal;
        using var running = inFlight.TryBegin(uploadId, form.MostAtOnce);
        if (running is null)
            return Refusals.Busy;
        var paysInFull = demand.IsPresent(admission.Difficulty) && !running.HasMadeWay;
        using var place = form.Waits ? await form.Gate.EnterAsync(paysInFull, cancel) : form.Gate.TryEnter(paysInFull);
        if (place is null)
            return paysInFull || await tickets.HasBegunAsync(admission.Day, admission.Id, cancel) ? Refusals.Busy : Refusals.Ticket;
        await using var lost = place.Lost.Register(running.MadeWay);
        request.HttpContext.Features.Get<Connections.Seat>()?.Hold();
        using var body = await BodyReader.ReadAsync(request, form.MostInBytes, form.Deadline, time, cancel, place);
        return body is null ? Refusals.TooLarge : await take(admission, body.Bytes);
    }

    private static Refusal? Wrong(HttpRequest request, Form form) =>
        MediaType.Is(request, form.ContentType) ? null : form.ContentType == MediaType.Octets ? Refusals.NotOctets : Refusals.Malformed;
}
