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
    /// <exception cref="InvalidDataException">Another length than the server listed.</exception>
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
            whole.Flush(flushToDisk: true);
            return;
        }

        await using Stream body = await api.ReportAsync(report.Id, have, cancel);
        await using FileStream file = have > 0 ? new FileStream(part, FileMode.Append, FileAccess.Write) : CreateNew(part);
        byte[] buffer = new byte[128 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            if (have + read > report.Bytes)
            {
                throw new InvalidDataException("a report is longer than the server said");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            have += read;
            fetched(read);
        }

        if (have != report.Bytes)
        {
            throw new InvalidDataException("a report ended early");
        }

        file.Flush(flushToDisk: true);
    }

    private static FileStream CreateNew(string part)
    {
        File.Delete(part);
        return AtomicFile.Create(part);
    }
}
