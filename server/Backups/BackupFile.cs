using System.Runtime.InteropServices;

namespace SecureDrop.Server.Backups;

/// <summary>What a file of a backup holds.</summary>
internal enum BackupContent
{
    /// <summary>Sealed copies of replies: see <see cref="CopyRecords"/>.</summary>
    Copies,

    /// <summary>A published dead drop: see <see cref="SlotRecords"/>.</summary>
    DeadDrop,

    /// <summary>When days end early: see <see cref="EarlyEnds"/>.</summary>
    EarlyEnds,

    /// <summary>Sealed reports: see <see cref="ReportRecords"/>.</summary>
    Reports,

    /// <summary>The signed roster with what belongs to it, as <see cref="Rosters.DropDocument"/> writes it.</summary>
    Roster,
}

/// <summary>A file of a backup. Its name is the only one that it can have, so that a name from a backup never is a path.</summary>
/// <param name="Content">What it holds.</param>
/// <param name="Day">Of which day; null for what is not a day's.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BackupFile(BackupContent Content, DateOnly? Day = null)
{
    private static readonly Dictionary<BackupContent, string> OfDays = new()
    {
        [BackupContent.Copies] = "copies-", [BackupContent.DeadDrop] = "dead-drop-", [BackupContent.Reports] = "reports-",
    };

    public string Name => Content switch
    {
        BackupContent.Roster => "roster.json",
        BackupContent.EarlyEnds => "early-ends.json",
        _ => OfDays[Content] + Crypto.Json.Day.Write(Day!.Value),
    };

    /// <summary>False for every other name.</summary>
    public static bool TryParse(string name, out BackupFile file)
    {
        foreach (var (content, prefix) in OfDays)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && Crypto.Json.Day.TryParse(name.AsSpan(prefix.Length), out var day))
            {
                file = new(content, day);
                return true;
            }
        }
        file = new(name == "roster.json" ? BackupContent.Roster : BackupContent.EarlyEnds);
        return file.Name == name;
    }
}
