using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Benchmarks;

/// <summary>Sealing and opening one large file, from a file to nowhere, beside stock age on the same file in the same run.</summary>
/// <remarks>Arguments: the plaintext's size in MiB, 1,024 unless given.</remarks>
internal static class AgeBenchmark
{
    private const int Rounds = 3;

    internal static async Task RunAsync(string[] arguments)
    {
        int sizeInMiB = arguments.Length > 0 ? int.Parse(arguments[0]) : 1024;
        string directory = Directory.CreateTempSubdirectory("securedrop-bench-").FullName;
        try
        {
            string plain = Path.Combine(directory, "plain");
            string sealedFile = Path.Combine(directory, "plain.age");
            WritePlaintext(plain, sizeInMiB);
            using HybridIdentity identity = HybridIdentity.Generate();
            string key = Path.Combine(directory, "key.txt");
            byte[] secret = new byte[HybridIdentity.SecretTextSizeInBytes];
            identity.WriteSecretText(secret);
            await File.WriteAllTextAsync(key, Encoding.ASCII.GetString(secret) + "\n");

            Console.WriteLine($"age, {sizeInMiB} MiB, one hybrid recipient, best of {Rounds} rounds, file in page cache to nowhere");
            Report("SecureDrop.Crypto seals", sizeInMiB, () => Seal(plain, Stream.Null, identity));
            using (FileStream output = File.Create(sealedFile))
            {
                Seal(plain, output, identity);
            }

            Report("SecureDrop.Crypto opens", sizeInMiB, () => Open(sealedFile, identity));
            ReportStock(sizeInMiB, plain, sealedFile, key, identity.Recipient.Text);
            ReportKeys(identity);
            using Process self = Process.GetCurrentProcess();
            Console.WriteLine($"{"this process, most resident",-36}{self.PeakWorkingSet64 / 1_000_000,8} MB");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void ReportStock(int sizeInMiB, string plain, string sealedFile, string key, string recipient)
    {
        if (Repository.Stock("age") is not { } stock)
        {
            Console.WriteLine("stock age with hybrid recipients (1.3 or later) is not there: nothing to compare with");
            return;
        }

        Report("stock age seals (whole process)", sizeInMiB, () => RunStock(stock, "-e", "-r", recipient, "-o", "/dev/null", plain));
        Report("stock age opens (whole process)", sizeInMiB, () => RunStock(stock, "-d", "-i", key, "-o", "/dev/null", sealedFile));
    }

    private static void ReportKeys(HybridIdentity identity)
    {
        const int Repeats = 500;
        byte[] fileKey = new byte[AgeSizes.FileKeySizeInBytes];
        AgeStanza stanza = identity.Recipient.Wrap(fileKey);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < Repeats; i++)
        {
            identity.Recipient.Wrap(fileKey);
        }

        double wrap = watch.Elapsed.TotalMicroseconds / Repeats;
        watch.Restart();
        for (int i = 0; i < Repeats; i++)
        {
            identity.TryUnwrap([stanza], fileKey);
        }

        Console.WriteLine($"{"wrap, unwrap one stanza",-36}{wrap,8:F0} µs, {watch.Elapsed.TotalMicroseconds / Repeats:F0} µs");
    }

    private static void Seal(string plain, Stream destination, HybridIdentity identity)
    {
        using FileStream source = OpenFile(plain);
        using var seal = new AgeSealStream(destination, [identity.Recipient], leaveOpen: true);
        source.CopyTo(seal, AgeSizes.ChunkSizeInBytes * 4);
        seal.Complete();
    }

    private static void Open(string sealedFile, HybridIdentity identity)
    {
        using AgeOpenStream open = AgeOpenStream.Open(OpenFile(sealedFile), [identity]);
        open.CopyTo(Stream.Null);
    }

    private static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    private static void RunStock(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)) ?? throw new InvalidOperationException("Stock age did not start.");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Stock age failed with exit code {process.ExitCode}.");
        }
    }

    private static void Report(string what, int sizeInMiB, Action action)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            action();
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        Console.WriteLine($"{what,-36}{sizeInMiB * 1.048576 / best.TotalSeconds,8:F0} MB/s");
    }

    private static void WritePlaintext(string path, int sizeInMiB)
    {
        using FileStream file = File.Create(path);
        byte[] piece = RandomNumberGenerator.GetBytes(1024 * 1024);
        for (int i = 0; i < sizeInMiB; i++)
        {
            file.Write(piece);
        }
    }
}
