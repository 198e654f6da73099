using System.Text;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>
/// What a source runs, as it stands, in a shell with GNU tar, coreutils and age 1.3: one step each. Every line refuses to lose
/// anything: a folder that is there stays, and nothing is ever cut to a size.
/// </summary>
internal static class ShellLines
{
    /// <summary>The folder, whose name stands first in the archive: a reader takes one that begins with <c>report.json</c> for the page's.</summary>
    public const string Folder = "mkdir report";

    /// <summary>Without user, group, times and order of the disk, which tar writes down by itself.</summary>
    public const string Pack =
        "tar --format=gnu --sort=name --owner=:0 --group=:0 --numeric-owner --mode=u=rwX,go= --mtime=@1 -cf report.tar report";

    /// <summary>The size of every report without attachments.</summary>
    public static readonly string Pad =
        $"if [ \"$(stat -c %s report.tar)\" -le {SizeClass.SmallestInBytes} ]; then truncate -s {SizeClass.SmallestInBytes} report.tar; else echo \"larger: take the next line\"; fi";

    /// <summary>The next of the larger sizes.</summary>
    public static readonly string PadLarger =
        $"for size in {string.Join(' ', SizeClass.All.Where(size => size is > SizeClass.SmallestInBytes and <= PlainIntake.LargestClassInBytes))}; do "
        + "if [ \"$(stat -c %s report.tar)\" -le $size ]; then truncate -s $size report.tar; break; fi; done";

    public const string Seal = "age -R recipients.txt -o report.age report.tar";

    /// <summary>Writes the recipients, in roster order, into a file as <c>age -R</c> reads it.</summary>
    public static string Recipients(IEnumerable<HybridRecipient> keys)
    {
        var text = new StringBuilder("cat > recipients.txt <<'END'\n");
        foreach (var key in keys)
            text.Append(key.Text).Append('\n');
        return text.Append("END").ToString();
    }
}
