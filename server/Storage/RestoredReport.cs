namespace SecureDrop.Server.Storage;

/// <summary>A report that is put back from a backup.</summary>
/// <param name="Id">Its stored id.</param>
/// <param name="SizeInBytes">Its sealed length.</param>
/// <param name="IsText">Whether it is of the smallest class, and stored whole.</param>
/// <param name="Parts">
/// Its bytes: of a text all at once, else <see cref="IReportStore.PartSizeInBytes"/> at a time. All come in one buffer, so each is to be
/// used before the next is asked for, and all of them before the next report is.
/// </param>
public sealed record RestoredReport(StoredId Id, long SizeInBytes, bool IsText, IAsyncEnumerable<ReadOnlyMemory<byte>> Parts);
