using System.Net;

namespace SecureDrop.Load.Clients;

/// <summary>A body that is sent no faster than a circuit of Tor would carry it.</summary>
/// <param name="bytes">The body.</param>
/// <param name="kibibytesPerSecond">Its rate; 0: as fast as it goes.</param>
internal sealed class PacedContent(ReadOnlyMemory<byte> bytes, int kibibytesPerSecond) : HttpContent
{
    private const int SliceSizeInBytes = 1 << 14;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (kibibytesPerSecond == 0)
        {
            await stream.WriteAsync(bytes);
            return;
        }

        TimeSpan pause = TimeSpan.FromSeconds(SliceSizeInBytes / 1024.0 / kibibytesPerSecond);
        for (int at = 0; at < bytes.Length; at += SliceSizeInBytes)
        {
            await stream.WriteAsync(bytes.Slice(at, Math.Min(SliceSizeInBytes, bytes.Length - at)));
            await stream.FlushAsync();
            await Task.Delay(pause);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
