using System.Net;
using SecureDrop.Crypto.Streaming;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Keystore;

namespace SecureDrop.Reviewer.Desk;

/// <summary>Fetches one large report into a file of its own, to be judged before it gets its name.</summary>
internal sealed class ReportDownload(ReviewerApi api)
{
    /// <summary>End of the name of a report that has not come whole.</summary>
    public const string PartSuffix = ".part";

    /// <summary>Goes on where an earlier one broke; when it returns, <paramref name="part"/> has all bytes, and they are on the disk.</summary>
    /// <param name="report">What the server lists.</param>
    /// <param name="part">The unfinished file.</param>
    /// <param name="fetched">Told how many bytes more have come.</param>
    /// <param name="cancel">Stops; what has come stays.</param>
    /// <exception cref="NotDeliveredException">Not there, of another length than listed, or broken off. What has come stays where the next
    /// attempt can go on from it.</exception>
    public async Task ToAsync(WireReport report, string part, Action<int> fetched, CancellationToken cancel)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        if (have > report.Bytes)
        {
            File.Delete(part);
            have = 0;
        }

        if (have == report.Bytes)
        {
            // All had come, and the run was stopped before this.
            await using FileStream whole = new(part, FileMode.Append, FileAccess.Write);
            DurableFile.Flush(whole);
            return;
        }

        try
        {
            await using Stream body = await OpenAsync(report, have, cancel);
            await using FileStream file = have > 0 ? new FileStream(part, FileMode.Append, FileAccess.Write) : CreateNew(part);
            byte[] buffer = new byte[128 * 1024];
            int read;
            while ((read = await ReadAsync(body, buffer, cancel)) > 0)
            {
                if (have + read > report.Bytes)
                {
                    throw new InvalidDataException("longer than the server lists it");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                have += read;
                fetched(read);
            }

            if (have != report.Bytes)
            {
                throw new InvalidDataException("shorter than the server lists it");
            }

            DurableFile.Flush(file);
        }
        catch (InvalidDataException e)
        {
            // No later attempt could go on from this.
            File.Delete(part);
            throw new NotDeliveredException(e.Message, e);
        }
    }

    private async Task<Stream> OpenAsync(WireReport report, long have, CancellationToken cancel)
    {
        try
        {
            return await api.ReportAsync(report.Id, have, cancel);
        }
        catch (ServerRefusalException e) when (e.IsOfThisAnswer)
        {
            throw e.Status == HttpStatusCode.RequestedRangeNotSatisfiable
                ? new InvalidDataException("shorter than the server lists it", e)
                : new NotDeliveredException($"status {(int)e.Status}", e);
        }
    }

    // Reading alone: what goes wrong in writing is this machine's, and stops everything.
    private static async Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(buffer, cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new NotDeliveredException("broke off", e);
        }
    }

    private static FileStream CreateNew(string part)
    {
        File.Delete(part);
        return AtomicFile.Create(part);
    }
}
