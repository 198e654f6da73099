using System.Buffers.Binary;

namespace SecureDrop.Tests.Server.Storage.Forensics;

/// <summary>A write-ahead log, frame by frame, valid or left over from before.</summary>
internal static class RawLog
{
    private const int HeaderSizeInBytes = 32;
    private const int FrameHeaderSizeInBytes = 24;

    /// <summary>The frames: the page that each writes, and what is found of tagged texts in it.</summary>
    public static List<(int Page, List<TaggedText.Stretch> Stretches)> Frames(byte[] log)
    {
        var frames = new List<(int, List<TaggedText.Stretch>)>();
        if (log.Length < HeaderSizeInBytes)
            return frames;
        var pageSizeInBytes = (int)BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(8));
        for (var at = HeaderSizeInBytes; at + FrameHeaderSizeInBytes + pageSizeInBytes <= log.Length; at += FrameHeaderSizeInBytes + pageSizeInBytes)
        {
            frames.Add(((int)BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(at)),
                TaggedText.Find(log.AsSpan(at + FrameHeaderSizeInBytes, pageSizeInBytes), at + FrameHeaderSizeInBytes)));
        }
        return frames;
    }
}
