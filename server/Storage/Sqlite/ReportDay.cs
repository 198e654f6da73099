using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>A day of reports while one has it to oneself: its database, and while it is open the cells beside it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReportDay(SqliteConnection Connection, CellFile Cells)
{
    public bool IsComplete => ReportDaySchema.IsComplete(Connection);
}
