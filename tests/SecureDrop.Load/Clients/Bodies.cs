using System.Security.Cryptography;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Load.Clients;

/// <summary>What is uploaded: texts, and one larger report as a file, sealed to the roster as the page seals them, before the run begins.</summary>
internal sealed class Bodies
{
    private const int Different = 64;

    // What report.json, signature, headers and end take of the class, and a little.
    private const int RoomForTextsInBytes = 1 << 20;

    private Bodies(IReadOnlyList<(byte[] Bytes, string Digest)> texts, string report, long reportSizeInBytes, string reportDigest) =>
        (Texts, Report, ReportSizeInBytes, ReportDigest) = (texts, report, reportSizeInBytes, reportDigest);

    internal IReadOnlyList<(byte[] Bytes, string Digest)> Texts { get; }

    /// <summary>Path of the larger report.</summary>
    internal string Report { get; }

    internal long ReportSizeInBytes { get; }

    /// <summary>SHA-256 of the larger report, as that of a text is.</summary>
    internal string ReportDigest { get; }

    internal static async Task<Bodies> SealAsync(Uri server, ScratchFolder folder, int reportInMebibytes)
    {
        using HttpClient http = new() { BaseAddress = server };
        BenchmarkSource source = await BenchmarkSource.AtAsync(http, Clock.Today());
        List<(byte[], string)> texts = [];
        for (int n = 0; n < Different; n++)
        {
            byte[] bytes = source.SealText(Clock.Today(), ReportKind.Report, $"Report {n} of the works.");
            texts.Add((bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        }

        (string plain, string sealedFile) = (folder.File("plain"), folder.File("report"));
        await using (FileStream file = File.Create(plain))
        {
            file.SetLength(((long)reportInMebibytes << 20) - RoomForTextsInBytes);
        }

        await using (FileStream destination = File.Create(sealedFile))
        {
            AttachmentSource attachment = new("accounts.bin", "application/octet-stream", () => File.OpenRead(plain));
            source.Seal(destination, Clock.Today(), ReportKind.Report, "The accounts of the works.", [attachment]);
        }

        File.Delete(plain);
        await using FileStream whole = File.OpenRead(sealedFile);
        return new Bodies(texts, sealedFile, whole.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(whole)));
    }
}
