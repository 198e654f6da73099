using SecureDrop.Crypto.Archives;
using SecureDrop.Tests.Age;
using Xunit;

namespace SecureDrop.Tests.Interop;

/// <summary>Our archives against the system's tar.</summary>
public sealed class StockTarTests : IDisposable
{
    private static readonly string[] ExactForm = ["--format=ustar", "--owner=:0", "--group=:0", "--numeric-owner", "--mode=600", "--mtime=@1"];

    private readonly TemporaryDirectory _directory = new();
    private readonly StockProgram _tar = StockProgram.Installed("tar", "apt install tar").OrSkip();

    public static TheoryData<int> Sizes => [0, 1, 511, 512, 513, 70_000];

    public void Dispose() => _directory.Dispose();

    [Theory, MemberData(nameof(Sizes))]
    public async Task Write_AnySize_IsByteForByteWhatTarWrites(int size)
    {
        byte[] content = AgeFiles.Random(size);
        Directory.CreateDirectory(Path.Combine(_directory.Path, "attachments"));
        _directory.Write("report.json", "{}");
        _directory.Write("attachments/0001", content);
        StockProgramResult result = await _tar.RunAsync(
            ["-cf", "-", "--blocking-factor=1", .. ExactForm, "report.json", "attachments/0001"], workingDirectory: _directory.Path);
        Assert.Equal(result.MustSucceed().Output, Write(content));
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Read_ByTar_GivesTheFiles(int size)
    {
        byte[] content = AgeFiles.Random(size);
        string archive = _directory.Write("a.tar", [.. Write(content), .. new byte[100 * 1024]]);
        (await _tar.RunAsync(["-xf", archive], workingDirectory: _directory.Path)).MustSucceed();
        Assert.Equal("{}"u8.ToArray(), _directory.Read("report.json"));
        Assert.Equal(content, _directory.Read("attachments/0001"));
    }

    private static byte[] Write(byte[] content)
    {
        using MemoryStream archive = new();
        ArchiveWriter writer = new(archive);
        writer.WriteMember("report.json", "{}"u8);
        writer.WriteMember("attachments/0001", content);
        writer.Finish(writer.Position + UstarHeader.PaddingSizeInBytes(content.Length) + ArchiveWriter.EndSizeInBytes);
        return archive.ToArray();
    }
}
