using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SecureDrop.Crypto.Age;

/// <summary>Base64 without padding and in one spelling only (RFC 4648, sections 3.5 and 4), as age headers write it.</summary>
internal static class UnpaddedBase64
{
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    internal static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    internal static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return Ascii.IsValid(text) && TryDecode(Encoding.ASCII.GetBytes(text), out bytes);
    }

    internal static bool TryDecode(ReadOnlySpan<byte> ascii, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        // .NET's decoder skips white space and takes padding: both would give one header many spellings.
        if (ascii.Length % 4 == 1 || ascii.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        byte[] padded = new byte[(ascii.Length + 3) / 4 * 4];
        padded.AsSpan().Fill((byte)'=');
        ascii.CopyTo(padded);
        byte[] decoded = new byte[ascii.Length * 3 / 4];

        // .NET refuses bits beyond the last byte that are not zero; the official vectors hold it to that.
        if (Base64.DecodeFromUtf8(padded, decoded, out _, out int written) != OperationStatus.Done || written != decoded.Length)
        {
            return false;
        }

        bytes = decoded;
        return true;
    }
}
