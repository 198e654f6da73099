using System.Buffers;
using System.Text;

namespace SecureDrop.Crypto.Age;

/// <summary>Writes age v1 headers.</summary>
/// <remarks>C2SP age, "Header".</remarks>
internal static class AgeHeaderWriter
{
    private const int BodyBytesPerLine = 48;

    internal static byte[] Write(IReadOnlyList<AgeStanza> stanzas, ReadOnlySpan<byte> fileKey)
    {
        var header = new ArrayBufferWriter<byte>();
        header.Write(AgeText.VersionLine);
        foreach (AgeStanza stanza in stanzas)
        {
            WriteStanza(header, stanza);
        }

        header.Write("---"u8);
        Span<byte> mac = stackalloc byte[AgeHeader.MacSizeInBytes];
        AgeKeys.ComputeHeaderMac(fileKey, header.WrittenSpan, mac);
        header.Write(Encoding.ASCII.GetBytes($" {UnpaddedBase64.Encode(mac)}\n"));
        return header.WrittenSpan.ToArray();
    }

    private static void WriteStanza(ArrayBufferWriter<byte> header, AgeStanza stanza)
    {
        var text = new StringBuilder("-> ").AppendJoin(' ', [stanza.Type, .. stanza.Arguments]).Append('\n');
        ReadOnlySpan<byte> body = stanza.Body.Span;
        while (body.Length >= BodyBytesPerLine)
        {
            text.Append(UnpaddedBase64.Encode(body[..BodyBytesPerLine])).Append('\n');
            body = body[BodyBytesPerLine..];
        }

        // The last line is always a short one, even if that leaves it empty: it tells the reader that the stanza ends.
        text.Append(UnpaddedBase64.Encode(body)).Append('\n');
        header.Write(Encoding.ASCII.GetBytes(text.ToString()));
    }
}
