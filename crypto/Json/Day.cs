using System.Globalization;

namespace SecureDrop.Crypto.Json;

/// <summary>The spelling of a UTC day: <c>2026-11-24</c>, ten ASCII characters.</summary>
public static class Day
{
    private const string Spelling = "yyyy-MM-dd";

    /// <summary>False for anything but the one spelling of a day that exists.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Spelling, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>The day's spelling.</summary>
    public static string Write(DateOnly day) => day.ToString(Spelling, CultureInfo.InvariantCulture);
}
