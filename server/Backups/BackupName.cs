using System.Globalization;
using System.Text.RegularExpressions;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Backups;

/// <summary>What a file of a backup is.</summary>
public enum BackupPart
{
    /// <summary>The roster with its chain and statements, as the store keeps it.</summary>
    Roster,

    /// <summary>The days that reviewers ended early, and when: <c>{"day": "day"}</c>.</summary>
    EarlyEnds,

    /// <summary>Texts of a day in order of id: <c>id (16) ‖ length (uint32, big endian) ‖ bytes</c>.</summary>
    Texts,

    /// <summary>A report in parts, whole.</summary>
    Report,

    /// <summary>A published dead drop: <c>width in bits (1)</c>, then <c>shard (uint32, big endian) ‖ length (uint32) ‖ slot</c>, by shard and in each in order.</summary>
    Slots,

    /// <summary>Copies of a day in order of id, as texts are.</summary>
    Copies,
}

/// <summary>A file's name in a backup. There are no others: whoever made the folder does not choose where anything is written or read.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Day">Of which day, but for the roster and the early ends.</param>
/// <param name="Report">Of which report, where it is one.</param>
public sealed partial record BackupName(BackupPart Part, DateOnly Day = default, StoredId Report = default)
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>With slashes, relative to the folder.</summary>
    public override string ToString() => Part switch
    {
        BackupPart.Roster => "roster.json",
        BackupPart.EarlyEnds => "early-ends.json",
        BackupPart.Report => $"days/{DayText}/reports/{Report}",
        _ => $"days/{DayText}/{Part.ToString().ToLowerInvariant()}",
    };

    private string DayText => Day.ToString(DayFormat, CultureInfo.InvariantCulture);

    public static BackupName? TryParse(string text)
    {
        if (text is "roster.json" or "early-ends.json")
            return new(text == "roster.json" ? BackupPart.Roster : BackupPart.EarlyEnds);
        if (Form().Match(text) is not { Success: true } match
            || !DateOnly.TryParseExact(match.Groups["day"].ValueSpan, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;
        return match.Groups["id"] is { Success: true } id
            ? StoredId.TryParse(id.Value, out var report) ? new(BackupPart.Report, day, report) : null
            : new(Enum.Parse<BackupPart>(match.Groups["part"].ValueSpan, ignoreCase: true), day);
    }

    [GeneratedRegex("^days/(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/((?<part>texts|slots|copies)|reports/(?<id>[0-9a-f]{32}))\\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
