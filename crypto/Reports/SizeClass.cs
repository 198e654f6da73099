using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Archives;

namespace SecureDrop.Crypto.Reports;

/// <summary>
/// The lengths a report's plaintext may have, so that a sealed file's length says little: 65,536 bytes, or the smallest m·2^e
/// (m in 4…7, e ≥ 14) not below the archive. 66 classes up to 5 GiB, at most 25 % above the archive.
/// </summary>
public static class SizeClass
{
    /// <summary>The class of every report without attachments.</summary>
    public const long SmallestInBytes = 65_536;

    /// <summary>5 GiB: the most that is sealed.</summary>
    public const long LargestInBytes = 5L << 30;

    /// <summary>The most stanzas a report may have: as many as a roster has reviewers.</summary>
    public const int MaxStanzas = 64;

    /// <summary>All classes, ascending.</summary>
    public static IReadOnlyList<long> All { get; } = [.. Enumerate()];

    /// <summary>The smallest class that holds an archive of this many bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or above <see cref="LargestInBytes"/>.</exception>
    public static long For(long archiveBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(archiveBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(archiveBytes, LargestInBytes);
        return All.First(size => size >= archiveBytes);
    }

    /// <summary>Whether a plaintext may have this length.</summary>
    public static bool IsClass(long plaintextBytes) => All.Contains(plaintextBytes);

    /// <summary>
    /// The inverse, by which a server judges a length without opening anything: whether an age file of <paramref name="sealedBytes"/> bytes
    /// with <paramref name="stanzas"/> hybrid stanzas (1 to 64) holds a plaintext of a size class, and of which.
    /// </summary>
    public static bool IsSealedSize(long sealedBytes, int stanzas, out long plaintextBytes)
    {
        plaintextBytes = stanzas is < 1 or > MaxStanzas ? 0 : All.FirstOrDefault(size => AgeSizes.SealedSizeInBytes(stanzas, size) == sealedBytes);
        return plaintextBytes != 0;
    }

    /// <summary>The length of the archive of a report: its two texts, its attachments and the end blocks, without the zeros after them.</summary>
    public static long ArchiveSizeInBytes(long reportJsonBytes, long signatureBytes, IEnumerable<long> attachmentBytes)
    {
        ArgumentNullException.ThrowIfNull(attachmentBytes);
        return UstarHeader.MemberSizeInBytes(reportJsonBytes)
            + UstarHeader.MemberSizeInBytes(signatureBytes)
            + attachmentBytes.Sum(UstarHeader.MemberSizeInBytes)
            + ArchiveWriter.EndSizeInBytes;
    }

    private static IEnumerable<long> Enumerate()
    {
        for (int e = 14; ; e++)
        {
            for (long m = 4; m <= 7; m++)
            {
                if (m << e > LargestInBytes)
                {
                    yield break;
                }
                yield return m << e;
            }
        }
    }
}
