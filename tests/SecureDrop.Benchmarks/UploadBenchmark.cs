using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Benchmarks;

/// <summary>
/// One large report all the way: sealed, uploaded by parts, fetched, opened; throughput of each step and the memory of server and tool.
/// Stock age on the same plaintext, and a plain copy made durable, in the same run.
/// </summary>
/// <remarks>Arguments: the size class in GiB (1, 2, 3, 4 or 5), 2 unless given.</remarks>
internal static class UploadBenchmark
{
    private const int PartsInFlight = 4;
    private const double MostResidentInMegabytes = 150;

    // What report.json, signature, headers and end take of the class, and a little.
    private const int RoomForTextsInBytes = 1 << 20;

    internal static async Task RunAsync(string[] arguments)
    {
        int sizeInGibibytes = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 2;
        long size = ((long)sizeInGibibytes << 30) - RoomForTextsInBytes;
        using ScratchFolder folder = new(5 * size);
        Machine.Print(folder.FileSystem);
        Console.WriteLine($"upload: a report of the {sizeInGibibytes} GiB class, one recipient, {PartsInFlight} parts in flight, server and tool in processes of their own");
        using ServerProcess server = ServerProcess.Start(folder.File("server"));
        using ReviewerDesk desk = ReviewerDesk.Create(folder, server.Reviewers, server.Source, server.SetupToken);
        using HttpClient http = new() { BaseAddress = server.Source };

        string plain = folder.File("plain");
        string digest = WritePlaintext(plain, size);
        Peer peer = MeasurePeers(folder, plain, size);
        string sealedFile = folder.File("sealed");
        BenchmarkSource source = await BenchmarkSource.AtAsync(http, Clock.Today());
        Clock.SettleDisk();
        TimeSpan sealing = Clock.Time(() => Seal(source, plain, sealedFile));
        Table.Throughput("sealing (digest first, then the sealed file)", size, sealing, Beside(peer.Sealing, sealing));
        File.Delete(plain);

        Clock.SettleDisk();
        TimeSpan serverBefore = ProcessUse.ProcessorTime(server.Id);
        TimeSpan uploading = await Clock.TimeAsync(async () => await (await Upload.BeginAsync(http)).PutFileAsync(sealedFile, PartsInFlight));
        Table.Throughput("upload and commit, durable", size, uploading, Beside(peer.Copying, uploading, "a copy with fsync"));
        PrintProcessor("server, processor time of it", ProcessUse.ProcessorTime(server.Id) - serverBefore);
        double serverAfterUpload = ProcessUse.PeakInMegabytes(server.Id);
        File.Delete(sealedFile);

        MeasureDesk(folder, desk, server, size, digest, peer);
        Table.Memory("server, most resident at the upload", serverAfterUpload, MostResidentInMegabytes);
        Table.Memory("server, most resident at upload and sync", ProcessUse.PeakInMegabytes(server.Id), MostResidentInMegabytes);
    }

    private static void MeasureDesk(ScratchFolder folder, ReviewerDesk desk, ServerProcess server, long size, string digest, Peer peer)
    {
        Clock.SettleDisk();
        desk.Unlock();
        double unlocked = ProcessUse.NowInMegabytes(desk.Id);
        Step sync = Measure(desk, "sync");
        Table.Throughput("reviewer sync (fetched, durable, every check made)", size, sync.Time, Beside(peer.Copying, sync.Time, "a copy with fsync"));
        PrintProcessor("reviewer, processor time of it", sync.Processor);

        using JsonDocument inbox = desk.Command("inbox");
        string handle = inbox.RootElement.GetProperty("reports")[0].GetProperty("handle").GetString()!;
        string opened = folder.File("opened");
        Clock.SettleDisk();
        Step open = Measure(desk, $"open {handle} --no-receipt --out {opened}");
        Table.Throughput("reviewer open --out (every check made)", size, open.Time, Beside(peer.Opening, open.Time));
        PrintProcessor("reviewer, processor time of it", open.Processor);
        RequireSame(opened, digest);
        Table.Memory("reviewer, once unlocked (shell)", unlocked, MostResidentInMegabytes);
        Table.Memory("reviewer sync, most resident after unlocking", sync.PeakInMegabytes, MostResidentInMegabytes);
        Table.Memory("reviewer open, most resident after unlocking", open.PeakInMegabytes, MostResidentInMegabytes);
    }

    private static Step Measure(ReviewerDesk desk, string command)
    {
        ProcessUse.ResetPeak(desk.Id);
        TimeSpan before = ProcessUse.ProcessorTime(desk.Id);
        TimeSpan time = Clock.Time(() =>
        {
            using JsonDocument answer = desk.Command(command);
        });
        return new Step(time, ProcessUse.ProcessorTime(desk.Id) - before, ProcessUse.PeakInMegabytes(desk.Id));
    }

    private static void PrintProcessor(string what, TimeSpan time) => Table.Row(what, $"{time.TotalSeconds:F1} s");

    private static void Seal(BenchmarkSource source, string plain, string sealedFile)
    {
        using FileStream destination = new(sealedFile, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        AttachmentSource file = new("accounts.bin", "application/octet-stream", () => new FileStream(plain, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
        source.Seal(destination, Clock.Today(), ReportKind.Report, "The accounts of the works.", [file]);
    }

    private static string Beside(TimeSpan? peer, TimeSpan ours, string what = "stock age") => peer is { } time ? $"{Table.Ratio(time, ours)} ({what})" : "";

    private static Peer MeasurePeers(ScratchFolder folder, string plain, long size)
    {
        Clock.SettleDisk();
        string copy = folder.File("copy");
        TimeSpan copying = Clock.Time(() => CopyDurably(plain, copy));
        Table.Throughput("peer: a copy with fsync", size, copying);
        File.Delete(copy);
        if (Repository.Stock("age") is not { } age)
        {
            Console.WriteLine("peer: stock age 1.3 or later is not there: sealing and opening have nothing to compare with");
            return new Peer(copying, null, null);
        }

        using HybridIdentity identity = HybridIdentity.Generate();
        string key = folder.File("peer-key.txt");
        byte[] secret = new byte[HybridIdentity.SecretTextSizeInBytes];
        identity.WriteSecretText(secret);
        File.WriteAllText(key, Encoding.ASCII.GetString(secret) + "\n");
        string sealedFile = folder.File("peer.age");
        string opened = folder.File("peer.opened");
        Clock.SettleDisk();
        TimeSpan sealing = Clock.Time(() => ChildProcess.Run(age, ["-e", "-r", identity.Recipient.Text, "-o", sealedFile, plain]));
        Table.Throughput("peer: stock age seals", size, sealing);
        Clock.SettleDisk();
        TimeSpan opening = Clock.Time(() => ChildProcess.Run(age, ["-d", "-i", key, "-o", opened, sealedFile]));
        Table.Throughput("peer: stock age opens (whole process)", size, opening);
        File.Delete(sealedFile);
        File.Delete(opened);
        return new Peer(copying, sealing, opening);
    }

    private static void CopyDurably(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using FileStream target = new(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        source.CopyTo(target, RoomForTextsInBytes);
        target.Flush(flushToDisk: true);
    }

    private static string WritePlaintext(string path, long size)
    {
        using (FileStream file = File.Create(path))
        {
            byte[] piece = new byte[1 << 20];
            for (long written = 0; written < size; written += piece.Length)
            {
                RandomNumberGenerator.Fill(piece);
                file.Write(piece, 0, (int)Math.Min(piece.Length, size - written));
            }
        }

        return DigestOf(path);
    }

    /// <summary>A figure for an opening that lost a byte would be worth nothing.</summary>
    private static void RequireSame(string folder, string digest)
    {
        if (!Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(file => DigestOf(file) == digest))
        {
            throw new InvalidOperationException("What was opened is not what was sealed.");
        }
    }

    private static string DigestOf(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Convert.ToHexStringLower(AttachmentDigest.Compute(file).Digest);
    }

    private sealed record Step(TimeSpan Time, TimeSpan Processor, double PeakInMegabytes);

    private sealed record Peer(TimeSpan Copying, TimeSpan? Sealing, TimeSpan? Opening);
}
