using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Backups;
using SecureDrop.Server.Rosters;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>
/// Backups that are damaged, or that somebody else wrote, who also wrote a manifest that fits: each is refused with one sentence that names the
/// file, and before a store is so much as opened.
/// </summary>
public sealed class HostileBackupTests(MadeBackup good) : IClassFixture<MadeBackup>
{
    /// <summary>A copy of the good one, to be spoilt.</summary>
    private sealed class Spoilt(MadeBackup good, string path)
    {
        public string Path => path;
        public RunningDrop Drop => good.Lived.Drop;
        public DateOnly First => good.Lived.First;
        public byte[] Text => good.Lived.Told[0];
        public string Reports => $"reports-{First:yyyy-MM-dd}";
        public string SecondReports => $"reports-{First.AddDays(1):yyyy-MM-dd}";
        public string DeadDrop => $"dead-drop-{First:yyyy-MM-dd}";
        public string Copies => $"copies-{First:yyyy-MM-dd}";

        public string this[string name] => System.IO.Path.Combine(path, name);

        public byte[] Read(string name) => File.ReadAllBytes(this[name]);

        /// <summary>Other bytes, and a manifest that fits.</summary>
        public void Forge(string name, byte[] bytes)
        {
            File.WriteAllBytes(this[name], bytes);
            Fit();
        }

        /// <summary>A manifest of whatever is there.</summary>
        public void Fit() => File.WriteAllBytes(this[Manifest.FileName], new Manifest(
            [.. Directory.GetFiles(path).Where(file => BackupFile.TryParse(System.IO.Path.GetFileName(file), out _)).Select(Entry)]).Write());

        /// <summary>What is in the manifest, changed as text.</summary>
        public void List(Func<string, string> change) => File.WriteAllText(this[Manifest.FileName], change(File.ReadAllText(this[Manifest.FileName])));

        public void Roster(Func<DropState, DropState> change) =>
            Forge("roster.json", DropDocument.Write(change(DropDocument.Read(new RosterDocument(0, Read("roster.json"))).State)));

        private static ManifestEntry Entry(string file)
        {
            Assert.True(BackupFile.TryParse(System.IO.Path.GetFileName(file), out var parsed));
            var bytes = File.ReadAllBytes(file);
            return new(parsed, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
    }

    /// <summary>What is done to it, and a part of the sentence. <c>{0}</c> stands for the folder.</summary>
    private static readonly Dictionary<string, (Action<Spoilt> Spoil, string Sentence)> Cases = new()
    {
        // The manifest.
        ["no manifest"] = (b => File.Delete(b["manifest.json"]), "{0} is not a backup: there is no manifest.json in it"),
        ["an empty manifest"] = (b => b.List(_ => ""), "{0}/manifest.json is no manifest"),
        ["a manifest that is no JSON"] = (b => b.List(_ => "{"), "{0}/manifest.json is not what a server of this kind writes: The text is not JSON"),
        ["a manifest of something else"] = (b => b.List(text => text.Replace("securedrop-backup/1", "tar/1")), "it is not the manifest of a backup of this server"),
        ["a newer manifest"] = (b => b.List(text => text.Replace("securedrop-backup/1", "securedrop-backup/2")), "it was made by a newer version of this server: put it back with that one"),
        ["a manifest that is a link"] = (b => Link(b, "manifest.json"), "{0}/manifest.json is no manifest"),
        ["a manifest that nests without end"] = (b => b.List(_ => "{\"format\":" + new string('[', 100_000)), "{0}/manifest.json is not what a server of this kind writes"),
        ["a path out of the folder"] = (b => b.List(text => text.Replace("roster.json", "../roster.json")), "name is no name of a file of a backup"),
        ["an absolute path"] = (b => b.List(text => text.Replace("roster.json", "/etc/passwd")), "name is no name of a file of a backup"),
        ["a day there is not"] = (b => b.List(text => text.Replace(b.Reports, "reports-2026-13-01")), "name is no name of a file of a backup"),
        ["a day spelt otherwise"] = (b => b.List(text => text.Replace(b.Reports, b.Reports + " ")), "name is no name of a file of a backup"),
        ["a file twice"] = (b => b.List(text => text.Replace(b.SecondReports, b.Reports)), "its files are not in order of name, each once"),
        ["no roster"] = (b =>
        {
            File.Delete(b["roster.json"]);
            b.Fit();
        }, "it names no roster"),
        ["a file of a negative length"] = (b => b.List(text => text.Replace("\"bytes\":", "\"bytes\":-")), "{0}/manifest.json is not what a server of this kind writes"),
        // What is in the folder.
        ["a backup that was broken off"] = (b => Directory.Move(b.Path, b.Path + ".unfinished"), "is a backup that was broken off"),
        ["a file too many"] = (b => File.WriteAllText(b["reports-2020-01-01"], "x"), "There is something in {0} that its manifest does not name"),
        ["a folder too many"] = (b => Directory.CreateDirectory(b["x"]), "There is something in {0} that its manifest does not name"),
        ["a file that is missing"] = (b => File.Delete(b[b.Copies]), "is missing: the backup is not whole"),
        ["a file that is cut"] = (b => File.WriteAllBytes(b[b.Reports], b.Read(b.Reports)[..^1]), "is not the file that the backup wrote"),
        ["a file that is a link"] = (b => Link(b, b.Reports), "is not the file that the backup wrote"),
        ["a file that is a folder"] = (b =>
        {
            File.Delete(b[b.Reports]);
            Directory.CreateDirectory(b[b.Reports]);
        }, "is not the file that the backup wrote"),
        ["a file that is a pipe"] = (b => Pipe(b, b.Reports), "is not the file that the backup wrote"),
        ["a bit of a text"] = (b => Flip(b, b.SecondReports), "is damaged: it is not, byte for byte, the file that the backup wrote"),
        ["a bit of the roster"] = (b => Flip(b, "roster.json"), "roster.json is damaged"),
        ["a bit of a record's length"] = (b => Flip(b, b.Reports, 16), "is damaged"),
        // Reports.
        ["a report that is not sealed"] = (b => b.Forge(b.Reports, Report(1, new byte[65_536])), "a report is not sealed, or has a length that no sealed report has"),
        ["a report one byte longer"] = (b => b.Forge(b.Reports, Report(1, [.. b.Text, 0])), "a report is not sealed, or has a length that no sealed report has"),
        ["a report with a classic recipient"] = (b => b.Forge(b.Reports, Report(1, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(b.Text).Replace("mlkem768x25519", "nlkem768x25519")))), "a report is not sealed"),
        ["a report cut off"] = (b => b.Forge(b.Reports, Report(1, b.Text)[..^1]), "a record has a length that no record can have"),
        ["a report without end"] = (b => b.Forge(b.Reports, [.. new byte[16], .. Enumerable.Repeat((byte)0xff, 8), .. b.Text]), "a record has a length that no record can have"),
        ["a report of a negative length"] = (b => b.Forge(b.Reports, [.. new byte[16], 0x80, .. new byte[7], .. b.Text]), "a record has a length that no record can have"),
        ["a head cut off"] = (b => b.Forge(b.Reports, [.. Report(1, b.Text), 1, 2, 3]), "its last record is cut off"),
        ["reports out of order"] = (b => b.Forge(b.Reports, [.. Report(2, b.Text), .. Report(1, b.Text)]), "its reports are not in order of id, each once"),
        ["a report twice"] = (b => b.Forge(b.Reports, [.. Report(1, b.Text), .. Report(1, b.Text)]), "its reports are not in order of id, each once"),
        ["a report of another day's id"] = (b =>
        {
            b.Forge(b.Reports, Report(1, b.Text));
            b.Forge(b.SecondReports, Report(1, b.Text));
        }, "a report has an id that one of another day has, too"),
        ["reports of a day that takes uploads"] = (b => Rename(b, b.Reports, $"reports-{b.Drop.Today.AddDays(-2):yyyy-MM-dd}"), "its day is not over by this machine's clock"),
        ["reports of a day to come"] = (b => Rename(b, b.Reports, "reports-9999-12-31"), "its day is not over by this machine's clock"),
        // Dead drops.
        ["a dead drop of today"] = (b => Rename(b, b.DeadDrop, $"dead-drop-{b.Drop.Today:yyyy-MM-dd}"), "its day is not over by this machine's clock"),
        ["a width there is not"] = (b => b.Forge(b.DeadDrop, [17]), "its dead drop is wider than one can be"),
        ["a slot beyond the width"] = (b => b.Forge(b.DeadDrop, [0, .. b.Read(b.DeadDrop)[1..]]), "a slot is in a shard that its day does not have"),
        ["a slot cut off"] = (b => b.Forge(b.DeadDrop, b.Read(b.DeadDrop)[..^1]), "its last record is cut off"),
        ["a slot twice"] = (b => b.Forge(b.DeadDrop, [.. b.Read(b.DeadDrop), .. b.Read(b.DeadDrop)[^9885..]]), "its slots are not in order, each once"),
        ["a slot that is not sealed"] = (b => b.Forge(b.DeadDrop, [0, 0, 0, .. new byte[9883]]), "a slot holds no reply sealed to one"),
        // Copies.
        ["copies of today"] = (b => Rename(b, b.Copies, $"copies-{b.Drop.Today:yyyy-MM-dd}"), "its day is not over by this machine's clock"),
        ["a copy that is not sealed"] = (b => b.Forge(b.Copies, Copy(1, new byte[11_408])), "a copy is not sealed, or has a length that no copy has"),
        ["a copy that is a report"] = (b => b.Forge(b.Copies, Copy(1, b.Text)), "a copy is not sealed, or has a length that no copy has"),
        ["a copy without end"] = (b => b.Forge(b.Copies, [.. new byte[16], 0xff, 0xff, 0xff, 0xff]), "a record has a length that no record can have"),
        ["copies out of order"] = (b => b.Forge(b.Copies, [.. b.Read(b.Copies), .. b.Read(b.Copies)]), "its copies are not in order of id, each once"),
        // Early ends.
        ["an end that is no day"] = (b => b.Forge("early-ends.json", """{"days":[{"day":"2026-11-24","endsOn":"soon"}]}"""u8.ToArray()), "early-ends.json is not what a server of this kind writes"),
        ["a day that ends twice"] = (b => b.Forge("early-ends.json", """{"days":[{"day":"2026-11-24","endsOn":"2026-12-02"},{"day":"2026-11-24","endsOn":"2026-12-03"}]}"""u8.ToArray()), "a day stands in it twice"),
        // The roster; DropStateVerifierTests has the rest.
        ["a roster that is none"] = (b => b.Forge("roster.json", "{}"u8.ToArray()), "roster.json is not what a server of this kind writes"),
        ["a roster that was changed"] = (b => b.Forge("roster.json", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(b.Read("roster.json")).Replace("Test drop", "Tent drop"))), "The signature does not fit"),
        ["a roster that somebody else signed"] = (b => b.Roster(state => state with { Answer = state.Answer with { Roster = SignedByAnother(b) } }), "It was signed by another key"),
        ["a roster longer than one can be"] = (b => b.Forge("roster.json", new byte[26 << 20]), "it is longer than one can be"),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Restore_OfOneThat_IsRefusedBeforeAnythingIsStored(string has)
    {
        using var folder = new TemporaryFolder();
        var path = Copy(folder.File("backup"));
        Cases[has].Spoil(new Spoilt(good, path));
        var sentence = await Command.RefusedAsync(good.Lived.Drop.Time, 5, "restore", Directory.Exists(path) ? path : path + ".unfinished", $"--SecureDrop:Drop:DataDirectory={folder.File("restored")}");
        Assert.Contains(Cases[has].Sentence.Replace("{0}", path, StringComparison.Ordinal), sentence);
        Assert.StartsWith(Cases[has].Sentence.StartsWith("There", StringComparison.Ordinal) ? "There" : path, sentence);
        Assert.False(Directory.Exists(folder.File("restored")));
    }

    [Fact]
    public async Task Restore_OfOneThatWasOnlyRewritten_IsDone()
    {
        using var folder = new TemporaryFolder();
        var spoilt = new Spoilt(good, Copy(folder.File("backup")));
        // Members that nobody knows do not come in.
        spoilt.Forge("roster.json", [.. spoilt.Read("roster.json")[..^1], .. ",\"more\":1}"u8]);
        await Command.OkAsync(good.Lived.Drop.Time, "restore", spoilt.Path, $"--SecureDrop:Drop:DataDirectory={folder.File("restored")}", "--SecureDrop:Drop:FreeSpaceFloorInMebibytes=1");
        await using var stores = LivedDrop.Stores(folder.File("restored"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(good.Backup, "roster.json")), (await stores.Rosters.ReadAsync(CancellationToken.None))!.Answer.ToArray());
    }

    private string Copy(string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(good.Backup))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }

    private static byte[] Report(byte id, byte[] bytes)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, bytes.Length);
        return [.. new byte[15], id, .. length, .. bytes];
    }

    private static byte[] Copy(byte id, byte[] bytes)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        return [.. new byte[15], id, .. length, .. bytes];
    }

    private static void Flip(Spoilt backup, string name, int at = 100)
    {
        var bytes = backup.Read(name);
        bytes[at] ^= 1;
        File.WriteAllBytes(backup[name], bytes);
    }

    private static void Rename(Spoilt backup, string from, string to)
    {
        File.Move(backup[from], backup[to], overwrite: true);
        backup.Fit();
    }

    private static void Link(Spoilt backup, string name)
    {
        var elsewhere = backup.Path + ".elsewhere";
        File.Move(backup[name], elsewhere);
        File.CreateSymbolicLink(backup[name], elsewhere);
    }

    private static void Pipe(Spoilt backup, string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes of this kind are Unix's.");
        File.Delete(backup[name]);
        using var mkfifo = Process.Start("mkfifo", [backup[name]]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }

    private static SignedStatement SignedByAnother(Spoilt backup)
    {
        using var thief = MinisignKeyPair.Generate();
        return SignedStatement.Sign(StatementPurpose.Roster, backup.Drop.NewRoster(2).Write(), thief);
    }
}
