using SecureDrop.Crypto.Json;

namespace SecureDrop.Server.Backups;

/// <summary>Which of a backup's days a reviewer has asked to end early, and when: <c>{"days": [{"day", "endsOn"}]}</c>, in order of day.</summary>
internal static class EarlyEnds
{
    /// <summary>The longest that is read: as many as there may be days.</summary>
    public const int LargestInBytes = 1 << 20;

    public static byte[] Write(IEnumerable<KeyValuePair<DateOnly, DateOnly>> ends) => StrictJson.Write(json =>
    {
        json.WriteStartArray("days");
        foreach (var (day, endsOn) in ends.OrderBy(end => end.Key))
        {
            json.WriteStartObject();
            json.WriteString("day", Day.Write(day));
            json.WriteString("endsOn", Day.Write(endsOn));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <exception cref="BackupFormatException">Not such a text.</exception>
    public static IReadOnlyDictionary<DateOnly, DateOnly> Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var ends = new SortedDictionary<DateOnly, DateOnly>();
            foreach (var json in StrictJson.ParseObject(bytes).RequireObjects("days"))
            {
                if (!ends.TryAdd(json.RequireDay("day"), json.RequireDay("endsOn")))
                    throw new BackupFormatException("a day stands in it twice");
            }
            return ends;
        }
        catch (StrictJsonException e)
        {
            throw new BackupFormatException(e.Message.TrimEnd('.'), e);
        }
    }
}
