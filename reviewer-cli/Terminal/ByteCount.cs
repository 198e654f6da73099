using System.Globalization;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>Sizes for people: <c>2 KB</c>, <c>31.5 MB</c> (powers of 1,000, as file managers show them).</summary>
internal static class ByteCount
{
    public static string Text(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
