using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>
/// A day's reports in a backup: <c>id (16) ‖ length (uint64, big endian) ‖ bytes</c>, in order of id. Ids are chance, so nothing follows the
/// order of arrival; whether a report was stored in parts follows from its length.
/// </summary>
internal static class ReportRecords
{
    private const int HeadSizeInBytes = StoredId.SizeInBytes + sizeof(ulong);
    private const int ReportsAtATime = 1000;
    private static readonly long LargestInBytes = (long)SealedForm.MostParts * IReportStore.PartSizeInBytes;

    /// <summary>Writes a day with one part in memory.</summary>
    /// <returns>How many reports and sealed bytes there were; less than the day has where it ended meanwhile.</returns>
    public static async Task<(int Reports, long SizeInBytes)> WriteAsync(IReportStore store, DateOnly day, IBackupSink sink, CancellationToken cancel)
    {
        var (reports, size) = (0, 0L);
        var buffer = ArrayPool<byte>.Shared.Rent(IReportStore.PartSizeInBytes);
        try
        {
            StoredId? after = null;
            while (await store.ListReportsAsync(day, after, ReportsAtATime, cancel) is { Count: > 0 } page)
            {
                foreach (var report in page)
                {
                    var written = await WriteAsync(store, report, buffer, sink, cancel);
                    if (written != report.SizeInBytes)
                        return (reports, size);
                    (reports, size, after) = (reports + 1, size + written, report.Id);
                }
            }
            return (reports, size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Reads a day, judging each report as an upload is judged, before it is handed on.</summary>
    /// <exception cref="BackupFormatException">Not a day's reports.</exception>
    public static async IAsyncEnumerable<RestoredReport> ReadAsync(RecordReader reader, [EnumeratorCancellation] CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(IReportStore.PartSizeInBytes);
        try
        {
            var head = new byte[HeadSizeInBytes];
            for (StoredId? before = null; reader.LeftInBytes > 0;)
            {
                await reader.FillAsync(head, cancel);
                var id = StoredId.FromBytes(head.AsSpan(0, StoredId.SizeInBytes));
                if (id <= before)
                    throw new BackupFormatException("its reports are not in order of id, each once");
                before = id;
                var length = BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(StoredId.SizeInBytes));
                reader.RequireSize(length, SizeClass.SmallestInBytes, LargestInBytes);
                var size = (long)length;
                var first = buffer.AsMemory(0, (int)Math.Min(size, IReportStore.PartSizeInBytes));
                await reader.FillAsync(first, cancel);
                if (!SizeClass.IsSealedSize(size, SealedForm.Stanzas(first.Span), out var plaintext))
                    throw new BackupFormatException("a report is not sealed, or has a length that no sealed report has");
                var end = reader.LeftInBytes - (size - first.Length);
                yield return new RestoredReport(id, size, plaintext == SizeClass.SmallestInBytes, PartsAsync(reader, first, end, buffer, cancel));
                if (reader.LeftInBytes != end)
                    throw new InvalidOperationException("The parts of a report were not taken before the next report.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <returns>How many bytes of it there were.</returns>
    private static async Task<long> WriteAsync(IReportStore store, StoredReport report, byte[] buffer, IBackupSink sink, CancellationToken cancel)
    {
        var head = new byte[HeadSizeInBytes];
        report.Id.ToBytes().CopyTo(head, 0);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(StoredId.SizeInBytes), report.SizeInBytes);
        await sink.WriteAsync(head, cancel);
        var size = 0L;
        for (var part = 0; size < report.SizeInBytes && await store.ReadPartIntoAsync(report.Day, report.Id, part, buffer, cancel) is { } length and > 0; part++)
        {
            await sink.WriteAsync(buffer.AsMemory(0, length), cancel);
            size += length;
        }
        return size;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PartsAsync(
        RecordReader reader, ReadOnlyMemory<byte> first, long end, byte[] buffer, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return first;
        while (reader.LeftInBytes > end)
        {
            var next = buffer.AsMemory(0, (int)Math.Min(reader.LeftInBytes - end, IReportStore.PartSizeInBytes));
            await reader.FillAsync(next, cancel);
            yield return next;
        }
    }
}
