using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>Puts days back, each in a file that is written under another name and then takes its own.</summary>
/// <param name="folder">The drop's folder.</param>
/// <param name="freeSpaceFloorInBytes">What is to stay free on its disk.</param>
internal sealed class SqliteRestoreStore(DataFolder folder, long freeSpaceFloorInBytes) : IRestoreStore
{
    private readonly FreeSpace _space = new(folder, freeSpaceFloorInBytes);

    public Task RestoreReportsAsync(DateOnly day, IAsyncEnumerable<RestoredReport> reports, CancellationToken cancel) =>
        MakeAsync(SqliteReportStore.Kind, day, ReportDaySchema.Complete, async connection =>
        {
            await foreach (var report in reports.WithCancellation(cancel))
                await AddAsync(connection, report, cancel);
        });

    public Task RestoreDeadDropAsync(DateOnly day, int shardBits, IAsyncEnumerable<DeadDropEntry> slots, CancellationToken cancel) =>
        MakeAsync(SqliteDeadDropStore.SlotsKind, day, DeadDropTables.Slots, async connection =>
        {
            DeadDropTables.AddPublishedDay(connection, shardBits);
            await foreach (var entry in slots.WithCancellation(cancel))
            {
                RequireRoom();
                DeadDropTables.AddPublishedSlot(connection, entry.Shard, entry.Slot[..DeadDropEntry.OrderSizeInBytes].ToArray(), entry.Slot.ToArray());
            }
        });

    public Task RestoreCopiesAsync(DateOnly day, IAsyncEnumerable<StoredCopy> copies, CancellationToken cancel) =>
        MakeAsync(SqliteDeadDropStore.CopiesKind, day, DeadDropTables.Copies, async connection =>
        {
            await foreach (var copy in copies.WithCancellation(cancel))
            {
                RequireRoom();
                DeadDropTables.AddCopies(connection, [copy]);
            }
        });

    private async Task AddAsync(SqliteConnection connection, RestoredReport report, CancellationToken cancel)
    {
        var part = 0;
        await foreach (var bytes in report.Parts.WithCancellation(cancel))
        {
            RequireRoom();
            if (report.IsText)
                CompleteDayRows.AddText(connection, report.Id, bytes.ToArray());
            else
                CompleteDayRows.AddPart(connection, report.Id, part++, bytes.Span);
        }
        if (!report.IsText)
            CompleteDayRows.AddLarge(connection, report.Id, report.SizeInBytes, part);
    }

    private async Task MakeAsync(string kind, DateOnly day, SqliteSchema schema, Func<SqliteConnection, Task> fill)
    {
        var (file, unfinished) = (folder.DayFile(kind, day), folder.DayFile(kind, day) + DataFolder.Unfinished);
        try
        {
            DataFolder.Remove(unfinished);
            // No journal: what was broken off is thrown away and begun again.
            using (var connection = SqliteFile.Connect(unfinished, "OFF"))
            {
                schema.Make(connection);
                connection.Run("BEGIN IMMEDIATE");
                await fill(connection);
                connection.Run("COMMIT");
            }
            File.Move(unfinished, file);
        }
        catch (Exception e)
        {
            DataFolder.Remove(unfinished);
            throw e is SqliteException sqlite && SqliteFaults.Of(file, sqlite) is { } fault ? fault : e;
        }
    }

    private void RequireRoom()
    {
        if (!_space.IsLeft())
            throw new StoreException($"The disk of {folder.Path} has no more left than is to stay free (SecureDrop:Drop:FreeSpaceFloorInMebibytes); make room on it.", isFull: true);
    }
}
