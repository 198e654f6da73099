using SecureDrop.Crypto.Reports;

namespace SecureDrop.Tests.Reports;

/// <summary>Keeps files in memory, and tells what it was told.</summary>
internal sealed class RecordingSink : IAttachmentSink
{
    private readonly List<MemoryStream> _files = [];

    internal List<int> Numbers { get; } = [];

    internal bool Kept { get; private set; }

    internal bool Discarded { get; private set; }

    internal IReadOnlyList<byte[]> Files => [.. _files.Select(file => file.ToArray())];

    public Stream Create(int number, long sizeInBytes)
    {
        Numbers.Add(number);
        _files.Add(new MemoryStream());
        return _files[^1];
    }

    public void Keep(OpenedReport report) => Kept = true;

    public void Discard() => Discarded = true;
}
