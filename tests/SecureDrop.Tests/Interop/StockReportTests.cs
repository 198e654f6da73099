using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Interop;

/// <summary>A reviewer without this software: stock age, tar and minisign open and check what it sealed.</summary>
public sealed class StockReportTests : IDisposable
{
    private static readonly TestDrop Drop = new();

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Report_ByAgeTarAndMinisign_OpensAndVerifies()
    {
        StockProgram age = StockProgram.Beside("age", "filippo.io/age 1.3.2").OrSkip();
        StockProgram tar = StockProgram.Installed("tar", "apt install tar").OrSkip();
        byte[] content = AgeFiles.Random(100_000);
        AttachmentSource[] sources = [TestDrop.Attach("../a", content), TestDrop.Attach("b", [])];
        Report report = Drop.NewReport("举报", AttachmentSource.Describe(sources));
        string file = _directory.Write("report.age", Drop.Seal(report, sources));
        string key = _directory.Write("key.txt", AgeFiles.SecretText(Drop.Reviewers[1].Identity) + "\n");
        string archive = Path.Combine(_directory.Path, "report.tar");
        (await age.RunAsync(["-d", "-i", key, "-o", archive, file])).MustSucceed();
        (await tar.RunAsync(["-xf", archive], workingDirectory: _directory.Path)).MustSucceed();
        Assert.Equal(report.Write(), _directory.Read("report.json"));
        Assert.Equal(content, _directory.Read("attachments/0001"));
        Assert.Empty(_directory.Read("attachments/0002"));
        await VerifyAsync("report.json", Drop.Keys.Signing.PublicKey, "securedrop/1 report");
    }

    [Fact]
    public async Task Reply_ByAgeTarAndMinisign_OpensAndVerifies()
    {
        StockProgram age = StockProgram.Beside("age", "filippo.io/age 1.3.2").OrSkip();
        StockProgram tar = StockProgram.Installed("tar", "apt install tar").OrSkip();
        Reply reply = Replies.TestReplies.New(Drop, "谢谢");
        byte[] slot = Replies.TestReplies.Slot(Drop, reply);
        string key = _directory.Write("key.txt", AgeFiles.SecretText(Drop.Keys.Recipient) + "\n");
        byte[] archive = (await age.RunAsync(["-d", "-i", key], DeadDropSlot.SealedReply(slot).ToArray())).MustSucceed().Output;
        Assert.Equal(ReplyPlaintext.SizeInBytes, archive.Length);
        (await tar.RunAsync(["-xf", "-"], archive, _directory.Path)).MustSucceed();
        Assert.Equal(reply.Write(), _directory.Read("reply.json"));
        await VerifyAsync("reply.json", Drop.Reviewers[0].Signing.PublicKey, "securedrop/1 reply");
    }

    /// <summary>The lines a source without JavaScript types: tar, truncate, age.</summary>
    [Fact]
    public async Task PlainReport_ByTarAndAge_OpensAsOne()
    {
        StockProgram age = StockProgram.Beside("age", "filippo.io/age 1.3.2").OrSkip();
        StockProgram tar = StockProgram.Installed("tar", "apt install tar").OrSkip();
        StockProgram truncate = StockProgram.Installed("truncate", "apt install coreutils").OrSkip();
        _directory.Write("letter.txt", "by hand");
        string recipients = _directory.Write("recipients.txt", string.Concat(Drop.Recipients.Select(recipient => recipient.Text + "\n")));
        (await tar.RunAsync(["-cf", "tip.tar", "letter.txt"], workingDirectory: _directory.Path)).MustSucceed();
        (await truncate.RunAsync(["-s", "65536", "tip.tar"], workingDirectory: _directory.Path)).MustSucceed();
        byte[] file = (await age.RunAsync(["-R", recipients, "tip.tar"], workingDirectory: _directory.Path)).MustSucceed().Output;
        Assert.True(SizeClass.IsSealedSize(file.Length, 3, out _));
        Reports.RecordingSink sink = new();
        Assert.Equal(ReportVerdict.Plain, Drop.Open(file, sink).Verdict);
        Assert.Equal(_directory.Read("tip.tar"), Assert.Single(sink.Files));
    }

    private async Task VerifyAsync(string name, MinisignPublicKey key, string trustedComment)
    {
        StockProgram minisign = StockProgram.Installed("minisign", "apt install minisign").OrSkip();
        StockProgramResult result = (await minisign.RunAsync(["-V", "-P", key.Text, "-m", name], workingDirectory: _directory.Path)).MustSucceed();
        Assert.Contains($"Trusted comment: {trustedComment}", result.OutputText, StringComparison.Ordinal);
    }
}
