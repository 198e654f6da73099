using System.Buffers;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Server.Intake;

/// <summary>
/// What an upload must look like to be kept: an age v1 header with 1 to 64 stanzas, all post-quantum hybrid, and a length that
/// a size class gives for that many. A plain file that was uploaded by mistake never reaches a store.
/// </summary>
public static class SealedForm
{
    private const string StanzaType = "mlkem768x25519";

    /// <summary>The longest report of the smallest class.</summary>
    public static readonly int LargestTextInBytes = (int)AgeSizes.SealedSizeInBytes(SizeClass.MaxStanzas, SizeClass.SmallestInBytes);

    /// <summary>The most parts a report has.</summary>
    public static readonly int MostParts =
        (int)((AgeSizes.SealedSizeInBytes(SizeClass.MaxStanzas, SizeClass.LargestInBytes) + Storage.IReportStore.PartSizeInBytes - 1)
            / Storage.IReportStore.PartSizeInBytes);

    /// <summary>The number of hybrid stanzas with which <paramref name="start"/> begins, 1 to 64; 0 for anything else.</summary>
    public static int Stanzas(ReadOnlySpan<byte> start) =>
        AgeHeaderReader.TryRead(start, out var header) == OperationStatus.Done
        && header!.Stanzas.Count is >= 1 and <= SizeClass.MaxStanzas
        && header.Stanzas.All(stanza => string.Equals(stanza.Type, StanzaType, StringComparison.Ordinal))
            ? header.Stanzas.Count
            : 0;

    /// <summary>Whether these are all the bytes of a sealed report of the smallest class.</summary>
    public static bool IsText(ReadOnlySpan<byte> sealedBytes) =>
        SizeClass.IsSealedSize(sealedBytes.Length, Stanzas(sealedBytes), out var plaintext) && plaintext == SizeClass.SmallestInBytes;
}
