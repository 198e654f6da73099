using System.Buffers.Binary;
using System.Text;
using SecureDrop.Server.Backups;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>Backups that were damaged, or made by somebody else: refused in one sentence before anything is stored.</summary>
public sealed class HostileBackupTests
{
    private static readonly string Newest = "2026-11-24";

    public static TheoryData<string> Ways() => new(Damage.Keys.Order());

    private static readonly Dictionary<string, Action<string, BackedUpDrop>> Damage = new()
    {
        ["no list"] = (backup, _) => File.Delete(Path.Combine(backup, "manifest.json")),
        ["a list that is no JSON"] = (backup, _) => File.WriteAllText(Path.Combine(backup, "manifest.json"), "{"),
        ["a list of something else"] = (backup, _) => BackedUpDrop.Write(backup, BackedUpDrop.Read(backup) with { Format = "tar" }),
        ["a newer version"] = (backup, _) => BackedUpDrop.Write(backup, BackedUpDrop.Read(backup) with { Version = 2 }),
        ["a file that is null"] = (backup, _) => File.WriteAllText(Path.Combine(backup, "manifest.json"), """{"format":"securedrop-backup","version":1,"files":[null]}"""),
        ["no roster"] = (backup, _) => BackedUpDrop.Write(backup, BackedUpDrop.Read(backup) is var list ? list with { Files = [.. list.Files.Where(file => file.Name != "roster.json")] } : null!),
        ["a file twice"] = (backup, _) => BackedUpDrop.Write(backup, BackedUpDrop.Read(backup) is var list ? list with { Files = [.. list.Files, list.Files[0]] } : null!),
        ["a file that is missing"] = (backup, _) => File.Delete(Path.Combine(backup, $"days/{Newest}/texts")),
        ["a byte changed"] = (backup, _) => Change(backup, $"days/{Newest}/texts", bytes => bytes[^1] ^= 1),
        ["a file cut"] = (backup, _) => File.WriteAllBytes(Path.Combine(backup, $"days/{Newest}/texts"), File.ReadAllBytes(Path.Combine(backup, $"days/{Newest}/texts"))[..^1]),
        ["a path out of the folder"] = (backup, _) => BackedUpDrop.Forge(backup, "x", [1], "../x"),
        ["a path within a day"] = (backup, _) => BackedUpDrop.Forge(backup, "x", [1], $"days/{Newest}/reports/../../../x"),
        ["an absolute path"] = (backup, _) => BackedUpDrop.Forge(backup, "x", [1], "/etc/passwd"),
        ["a day there is not"] = (backup, _) => BackedUpDrop.Forge(backup, "x", [1], "days/2026-13-01/texts"),
        ["a link"] = (backup, _) => Link(backup),
        ["a roster that nobody signed"] = (backup, made) => BackedUpDrop.Forge(backup, "roster.json", Resigned(backup)),
        ["a roster that is none"] = (backup, _) => BackedUpDrop.Forge(backup, "roster.json", "{}"u8.ToArray()),
        ["a text that is not sealed"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/texts", Record(new byte[16], "plain"u8)),
        ["a text of the wrong length"] = (backup, made) => BackedUpDrop.Forge(backup, $"days/{Newest}/texts", Record(new byte[16], made.Texts[0].AsSpan()[..^1])),
        ["texts out of order"] = (backup, made) => BackedUpDrop.Forge(backup, $"days/{Newest}/texts", [.. Record([.. new byte[15], 2], made.Texts[0]), .. Record([.. new byte[15], 1], made.Texts[1])]),
        ["a length without end"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/texts", [.. new byte[16], 0xff, 0xff, 0xff, 0xff, 1]),
        ["a record cut"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/texts", [.. new byte[16], 0, 0, 0, 9, 1]),
        ["a report that is not sealed"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/reports/{new string('0', 32)}", new byte[2_000_000]),
        ["a report that is a text"] = (backup, made) => BackedUpDrop.Forge(backup, $"days/{Newest}/reports/{new string('0', 32)}", made.Texts[0]),
        ["an empty report"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/reports/{new string('0', 32)}", []),
        ["slots without a width"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/slots", []),
        ["slots of a width there is not"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/slots", [17]),
        ["a slot beyond the width"] = (backup, made) => BackedUpDrop.Forge(backup, $"days/{Newest}/slots", [2, .. Record([0, 0, 0, 4], made.Slots[0])]),
        ["a slot of another length"] = (backup, made) => BackedUpDrop.Forge(backup, $"days/{Newest}/slots", [2, .. Record([0, 0, 0, 1], made.Slots[0].AsSpan()[..^1])]),
        ["a copy that is not sealed"] = (backup, _) => BackedUpDrop.Forge(backup, $"days/{Newest}/copies", Record(new byte[16], "plain"u8)),
        ["an early end that is none"] = (backup, _) => BackedUpDrop.Forge(backup, "early-ends.json", """{"2026-11-24":"soon"}"""u8.ToArray()),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Restore_OfWhatIsNoBackup_OneSentenceAndNothingIsStored(string way)
    {
        await using var made = await BackedUpDrop.StartAsync();
        await made.BackUpAsync(made.Path("backup"));
        Assert.Equal(Newest, made.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Damage[way](made.Path("backup"), made);
        var refusal = await Assert.ThrowsAsync<BackupException>(() => made.RestoreAsync(made.Path("backup"), made.Path("restored")));
        Assert.StartsWith(made.Path("backup"), refusal.Message, StringComparison.Ordinal);
        Assert.Matches("^[^\\n]+\\.$", refusal.Message);
        Assert.False(Directory.Exists(made.Path("restored")));
    }

    private static void Change(string backup, string name, Action<byte[]> change)
    {
        var path = Path.Combine(backup, name);
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }

    private static byte[] Record(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        return [.. key, .. length, .. bytes];
    }

    private static void Link(string backup)
    {
        var (path, elsewhere) = (Path.Combine(backup, "roster.json"), Path.Combine(backup, "elsewhere"));
        File.Move(path, elsewhere);
        File.CreateSymbolicLink(path, elsewhere);
    }

    /// <summary>Another name for the drop, under the signature of the true one.</summary>
    private static byte[] Resigned(string backup) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(backup, "roster.json"))).Replace("Test drop", "Tent drop", StringComparison.Ordinal));
}
