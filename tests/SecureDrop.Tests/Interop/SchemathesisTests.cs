using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Interop;

/// <summary>A stock fuzzer works through both OpenAPI documents against the real server.</summary>
public sealed class SchemathesisTests
{
    private static readonly StockProgram Schemathesis = StockProgram.Beside("schemathesis.pex", "schemathesis 4");

    [Theory]
    [InlineData("source")]
    [InlineData("reviewer")]
    public async Task Listener_FuzzedFromItsDocument_NoFailure(string listener)
    {
        Schemathesis.OrSkip();
        await using var drop = await RunningDrop.SetUpAsync();
        await drop.Server.Timer.LookAsync(CancellationToken.None);
        using var folder = new TemporaryFolder();
        var (document, url) = listener == "source" ? ("/openapi-source.json", drop.Server.SourceAddress) : ("/openapi.json", drop.Server.ReviewerAddress);
        var file = folder.File("openapi.json");
        await File.WriteAllTextAsync(file, await drop.Reviewers.GetStringAsync(document));
        List<string> arguments =
        [
            "run", file, "--url", url, "--max-examples", "20", "--max-time", "30", "--seed", "1", "--workers", "1",
            "--phases", "examples,coverage,fuzzing", "--no-color",
        ];
        // A schema cannot say what a signed text holds, how a batch is cut or what is sealed; that such bytes are 400 is right.
        arguments.AddRange(["--exclude-checks", "positive_data_acceptance"]);
        if (listener == "reviewer")
            arguments.AddRange(["--header", $"Authorization: Bearer {await drop.LogInAsync(drop.DropKeys.Alice)}"]);
        var run = (await Schemathesis.RunAsync(arguments, workingDirectory: folder.Path)).MustSucceed();
        var summary = run.OutputText.IndexOf("= SUMMARY =", StringComparison.Ordinal);
        Assert.True(summary >= 0, run.OutputText);
        TestContext.Current.TestOutputHelper?.WriteLine($"{listener}: {run.OutputText[summary..]}");
        Assert.Equal("", drop.Log.ToString());
    }
}
