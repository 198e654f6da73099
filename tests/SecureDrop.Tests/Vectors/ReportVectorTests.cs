using System.Security.Cryptography;
using System.Text.Json;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Reports;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>Sealed reports of every maker: verdict, alarms, content, or the check that fails.</summary>
public sealed class ReportVectorTests
{
    public static TheoryData<string> Makers => VectorMaker.All;

    [Theory, MemberData(nameof(Makers))]
    public void Report_OfEveryVector_IsWhatItsIndexSays(string maker)
    {
        JsonElement index = VectorMaker.IndexOrSkip(maker, "reports.json");
        using HybridIdentity identity = HybridIdentity.Parse(index.Text("identity"));
        KnownRosters known = new([KnownRoster.Of(VectorMaker.Verify(index))], []);
        ReportLedger ledger = new();
        JsonElement[] vectors = [.. index.Items("reports")];
        Assert.True(vectors.Length >= 17);
        Assert.All(vectors, vector =>
        {
            RecordingSink sink = new();
            Outcome outcome = Open(VectorMaker.Read(maker, vector.Text("file")), identity, known, sink);
            Assert.Equal(vector.GetProperty("check").GetString(), outcome.Check);
            if (outcome.Opened is not { } opened)
            {
                Assert.True(sink.Discarded && !sink.Kept);
                return;
            }
            Assert.Equal(vector.Text("verdict"), opened.Verdict.ToString().ToLowerInvariant());
            Assert.Equal(vector.Items("alarms").Select(alarm => alarm.GetString()), opened.Alarms.Select(alarm => alarm.Name()));
            if (opened.Report is { } report)
            {
                Assert.Equal(vector.Text("message"), report.Message);
                Assert.Equal(vector.Text("conversation"), report.Conversation.SigningKey.Text);
                Assert.Equal(
                vector.Items("attachments").Select(one => (one.Text("name"), one.GetProperty("bytes").GetInt64(), one.Text("sha256"))),
                report.Attachments.Zip(sink.Files, (named, content) => (named.Name, (long)content.Length, Convert.ToHexStringLower(SHA256.HashData(content)))));
                Assert.Equal(report.Attachments.Count, sink.Files.Count);
            }
            string novelty = vector.TryGetProperty("novelty", out JsonElement expected) ? expected.GetString()! : nameof(ReportNovelty.New);
            Assert.Equal(novelty, ledger.Remember(opened).ToString());
        });
    }

    /// <summary>Where a file opens for the first reviewer, it does for the others, and is the same.</summary>
    [Theory, MemberData(nameof(Makers))]
    public void Report_OfEveryVector_IsTheSameForTheOthers(string maker)
    {
        JsonElement index = VectorMaker.IndexOrSkip(maker, "reports.json");
        KnownRosters known = new([KnownRoster.Of(VectorMaker.Verify(index))], []);
        foreach (JsonElement other in index.Items("others"))
        {
            using HybridIdentity identity = HybridIdentity.Parse(other.GetString());
            Assert.All(index.Items("reports"), vector =>
            {
                Outcome outcome = Open(VectorMaker.Read(maker, vector.Text("file")), identity, known, new RecordingSink());
                Assert.Equal(vector.GetProperty("check").GetString(), outcome.Check);
                Assert.Equal(vector.TryGetProperty("message", out JsonElement message) ? message.GetString() : null, outcome.Opened?.Report?.Message);
            });
        }
    }

    private static Outcome Open(byte[] file, HybridIdentity identity, KnownRosters known, IAttachmentSink sink)
    {
        try
        {
            return new Outcome(ReportReader.Read(new MemoryStream(file), [identity], known, sink), null);
        }
        catch (ReportException e)
        {
            return new Outcome(null, e.CheckName);
        }
    }

    private sealed record Outcome(OpenedReport? Opened, string? Check);
}
