using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;

namespace SecureDrop.Crypto.Replies;

/// <summary>A reply's plaintext, sealed and opened in memory.</summary>
internal static class SealedText
{
    public static byte[] Seal(ReadOnlySpan<byte> plaintext, IReadOnlyList<HybridRecipient> recipients)
    {
        if (plaintext.Length != ReplyPlaintext.SizeInBytes)
        {
            throw new ArgumentException($"A reply's plaintext has {ReplyPlaintext.SizeInBytes} bytes.", nameof(plaintext));
        }
        using MemoryStream file = new();
        using (AgeSealStream seal = new(file, recipients, leaveOpen: true))
        {
            seal.Write(plaintext);
            seal.Complete();
        }
        return file.ToArray();
    }

    /// <exception cref="ReplyException">Check <see cref="ReplyCheck.Age"/>, or <see cref="ReplyCheck.Archive"/> for another length.</exception>
    public static byte[] Open(ReadOnlySpan<byte> file, IReadOnlyList<HybridIdentity> identities)
    {
        using MemoryStream sealedBytes = new(file.ToArray(), writable: false);
        try
        {
            using AgeOpenStream plaintext = AgeOpenStream.Open(sealedBytes, identities);
            byte[] opened = new byte[ReplyPlaintext.SizeInBytes];
            if (plaintext.ReadAtLeast(opened, opened.Length, throwOnEndOfStream: false) < opened.Length || plaintext.ReadByte() >= 0)
            {
                throw new ReplyException(ReplyCheck.Archive, $"The plaintext does not have {ReplyPlaintext.SizeInBytes} bytes.");
            }
            return opened;
        }
        catch (AgeFormatException e)
        {
            throw new ReplyException(ReplyCheck.Age, $"The sealed reply does not open: {e.Message}", e);
        }
    }
}
