using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Days;
using SecureDrop.Server.Hosting;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Load;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>Forms with a file of the smallest class: up to 166 KB each.</summary>
public sealed class PlainGate(TimeProvider time) : Gate(MostAtOnce, time)
{
    public const int MostAtOnce = 32;
}

/// <summary>Forms with a larger file, or of unknown length: up to 16 MiB each.</summary>
public sealed class PlainLargeGate(TimeProvider time) : Gate(MostAtOnce, time)
{
    public const int MostAtOnce = 2;
}

/// <summary>
/// What a form goes through before a store hears of it. The file is held in memory until it was judged whole, so that one which is
/// refused, or breaks off, leaves nothing anywhere.
/// </summary>
internal sealed class PlainIntake(PlainGate gate, PlainLargeGate largeGate, PlainQuota quota, Room room, DayKeyRing keys, IReportStore reports, TimeProvider time)
{
    /// <summary>The largest class that the form takes.</summary>
    public const long LargestClassInBytes = 16L << 20;

    /// <summary>The longest file that the form takes.</summary>
    public static readonly int LargestFileInBytes = (int)AgeSizes.SealedSizeInBytes(SizeClass.MaxStanzas, LargestClassInBytes);

    /// <summary>
    /// As much of a body as is read at all, refused or not: a browser shows the page that says "too large" only once it has sent
    /// everything.
    /// </summary>
    public const int MostReadInBytes = 32 << 20;

    /// <returns>Null when the report is stored.</returns>
    public async Task<PlainFault?> TakeAsync(HttpRequest request, CancellationToken cancel)
    {
        if (MultipartFile.BoundaryOf(request) is not { } boundary)
            return PlainFault.NotAForm;
        var isLarge = request.ContentLength is not { } length || length > SealedForm.LargestTextInBytes + MultipartFile.LargestFrameInBytes;
        using var place = isLarge ? largeGate.TryEnter() : gate.TryEnter();
        if (place is null)
            return PlainFault.Busy;
        // Whoever sends a form through a slow circuit is measured against the others who do, not against everybody connected.
        request.HttpContext.Features.Get<Connections.Seat>()?.Hold();
        using var body = await BodyReader.ReadAsync(request, LargestFileInBytes + MultipartFile.LargestFrameInBytes, BodyReader.Deadline, time, cancel, place);
        if (body is null)
            return PlainFault.TooLarge;
        switch (MultipartFile.Find(body.Bytes.Span, boundary, out var range))
        {
            case FormContent.NoFile:
                return PlainFault.NoFile;
            case FormContent.MoreThanOne:
                return PlainFault.MoreThanOne;
            case FormContent.Malformed:
                return PlainFault.NotAForm;
            default:
                break;
        }
        var file = body.Bytes[range];
        if (Judge(file.Span, out var plaintextBytes) is { } fault)
            return fault;
        return await StoreAsync(file, plaintextBytes == SizeClass.SmallestInBytes);
    }

    /// <summary>The rules of every upload, each failure told apart: this reader has nobody else to ask.</summary>
    private static PlainFault? Judge(ReadOnlySpan<byte> file, out long plaintextBytes)
    {
        plaintextBytes = 0;
        if (file.StartsWith("-----BEGIN AGE ENCRYPTED FILE-----"u8))
            return PlainFault.Armoured;
        if (!file.StartsWith("age-encryption.org/v1\n"u8))
            return PlainFault.NotSealed;
        var stanzas = SealedForm.Stanzas(file);
        if (stanzas == 0)
            return PlainFault.OtherRecipients;
        if (!SizeClass.IsSealedSize(file.Length, stanzas, out plaintextBytes))
            return PlainFault.WrongLength;
        return plaintextBytes > LargestClassInBytes ? PlainFault.TooLarge : null;
    }

    /// <summary>Not cancelled by a client that leaves: parts without a commit would stay until their day's key goes.</summary>
    private async Task<PlainFault?> StoreAsync(ReadOnlyMemory<byte> file, bool isText)
    {
        var key = await keys.TodaysAsync(CancellationToken.None);
        // There is no ticket to make an id from, and nobody who will ask for this upload again.
        var id = key.StoredIdOf(RandomNumberGenerator.GetBytes(Ticket.UploadIdSizeInBytes));
        if ((isText ? await room.RefuseTextAsync(key.Day, CancellationToken.None) : await room.RefusePartAsync(key.Day, id, CancellationToken.None)) is not null)
            return PlainFault.Full;
        if (!quota.TryTake(file.Length))
            return PlainFault.Quota;
        if (isText)
        {
            var fault = FaultOf(await reports.StoreTextAsync(key.Day, id, file, CancellationToken.None));
            if (fault is null)
                room.Stored(key.Day, file.Length, isPart: false);
            return fault;
        }
        var parts = 0;
        for (var rest = file; rest.Length > 0; parts++)
        {
            var part = rest[..Math.Min(rest.Length, IReportStore.PartSizeInBytes)];
            if (FaultOf(await reports.StorePartAsync(key.Day, id, parts, part, CancellationToken.None)) is { } fault)
                return fault;
            room.Stored(key.Day, part.Length, isPart: true);
            rest = rest[part.Length..];
        }
        switch (await reports.CommitAsync(key.Day, id, parts, file.Length, CancellationToken.None))
        {
            case CommitOutcome.Committed or CommitOutcome.AlreadyThere:
                room.Committed(file.Length);
                return null;
            case CommitOutcome.Full:
                return PlainFault.Full;
            default:
                return PlainFault.Busy;
        }
    }

    private static PlainFault? FaultOf(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Stored or StoreOutcome.AlreadyThere => null,
        StoreOutcome.Full => PlainFault.Full,
        _ => PlainFault.Busy,
    };
}
