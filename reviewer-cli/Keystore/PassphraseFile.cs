using System.Security.Cryptography;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>
/// A small secret in a stock age file under a passphrase (<c>age -d</c> opens it too). Tells apart what a person can do something
/// about: a wrong passphrase, a damaged file, a file of another kind.
/// </summary>
/// <param name="workFactorLog2">scrypt's log2 N. Production is age's own 18 (a second, 256 MiB); only tests take less.</param>
internal sealed class PassphraseFile(int workFactorLog2 = ScryptPassphrase.DefaultWorkFactorLog2)
{
    private const int LargestInBytes = 16 * 1024 * 1024;

    /// <summary>More than a header and the tags of all chunks take.</summary>
    private const int RoomForSealingInBytes = 65_536;

    public void Write(string path, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> passphrase, bool overwrite)
    {
        // Written all the same, it would replace one that can be read.
        if (secret.Length > LargestInBytes - RoomForSealingInBytes)
        {
            throw new ReviewerException(ExitCode.BadInput, $"{path} would become larger than it may be to be read again. What was there before is kept.");
        }

        using ScryptPassphrase recipient = new(passphrase, workFactorLog2);
        byte[] copy = secret.ToArray();
        try
        {
            AtomicFile.Write(path, stream =>
            {
                using AgeSealStream seal = new(stream, [recipient], leaveOpen: true);
                seal.Write(copy, 0, copy.Length);
                seal.Complete();
            }, overwrite);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    /// <summary>The secret; the caller wipes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">UTF-8.</param>
    /// <param name="what">Its name in a sentence, such as "the keystore".</param>
    /// <exception cref="ReviewerException">One of the three, or the file cannot be read.</exception>
    public static byte[] Read(string path, ReadOnlySpan<byte> passphrase, string what)
    {
        byte[] file = ReadFile(path, what);
        bool looksLikeAge = file.AsSpan().StartsWith("age-encryption.org/"u8);
        try
        {
            using MemoryStream sealedBytes = new(file, writable: false);
            using ScryptPassphrase identity = new(passphrase);
            using AgeOpenStream open = AgeOpenStream.Open(sealedBytes, [identity]);
            return ReadAll(open);
        }
        catch (AgeFormatException e) when (e.Failure == AgeFailure.NoMatch && IsUnderPassphrase(file))
        {
            throw new ReviewerException(ExitCode.WrongPassphrase, $"That is not the passphrase of {what} ({path}). Nothing was changed.", e);
        }
        catch (AgeFormatException e) when (e.Failure == AgeFailure.NoMatch || !looksLikeAge)
        {
            throw new ReviewerException(ExitCode.Foreign,
                $"{path} is not {what}: it is another kind of file. Give the right --home, or bring the file back from a copy.", e);
        }
        catch (AgeFormatException e)
        {
            throw new ReviewerException(ExitCode.Damaged,
                $"{path} ({what}) is damaged and cannot be read. Bring it back from a copy; the reports on this disk are untouched.", e);
        }
    }

    private static byte[] ReadFile(string path, string what)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > LargestInBytes)
            {
                throw new ReviewerException(ExitCode.Foreign, $"{path} is far too large to be {what}.");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(e is FileNotFoundException or DirectoryNotFoundException ? ExitCode.NotFound : ExitCode.Damaged,
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"There is no {path}: {what} is not there. Is the stick in, is the path right?"
                    : $"{path} ({what}) cannot be read.", e);
        }
    }

    private static bool IsUnderPassphrase(byte[] file) =>
        AgeHeaderReader.TryRead(file, out AgeHeader? header) == System.Buffers.OperationStatus.Done
        && header is not null && header.Stanzas is [{ Type: "scrypt" }];

    private static byte[] ReadAll(Stream open)
    {
        byte[] buffer = new byte[LargestInBytes];
        try
        {
            int length = open.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return buffer[..length];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
