using System.Net;
using System.Text.RegularExpressions;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.SourceApi.Plain;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi.Plain;

/// <summary>What the page without JavaScript shows.</summary>
public sealed class PlainPageTests
{
    [Fact]
    public async Task Page_OfASetUpDrop_HasKeysReadersLinesAndAFormInBothLanguages()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var page = await drop.Source.GetStringAsync("/plain");
        Assert.Contains(string.Join(' ', drop.DropKeys.Drop.PublicKey.Text.Chunk(4).Select(group => new string(group))), WebUtility.HtmlDecode(page));
        var keys = $"{drop.DropKeys.Alice.Entry(drop.Today).Recipient.Key.Text}\n{drop.DropKeys.Bob.Entry(drop.Today).Recipient.Key.Text}\nEND";
        foreach (var language in new[] { "en", "zh-Hans" })
        {
            Assert.Equal("tar", Line(page, "pack", language)[..3]);
            Assert.Contains("truncate -s 65536 report.tar", Line(page, "pad", language));
            Assert.EndsWith(keys, Line(page, "recipients", language));
            Assert.Equal("age -R recipients.txt -o report.age report.tar", Line(page, "seal", language));
            Assert.Contains($"id=\"file-{language}\" name=\"sealed\" required", page);
        }
        // One field, and it takes a file: nothing can be written.
        Assert.Equal(2, Regex.Count(page, "<input "));
        Assert.Equal(2, Regex.Count(page, "<input type=\"file\""));
        Assert.DoesNotMatch("<textarea|<script|<img|<iframe| on[a-z]+=|https?:", page);
    }

    [Fact]
    public async Task Page_SaysWhoCanRead_ByTheStatementsOfToday()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var identity = HybridIdentity.Generate();
        using var older = HybridIdentity.Generate();
        foreach (var (serial, key) in new[] { (1, older), (2, identity) })
        {
            var statement = new RecipientStatement(
                drop.DropKeys.Drop.PublicKey, drop.DropKeys.Alice.Signing.PublicKey, serial, key.Recipient, drop.Today, drop.Today.AddDays(7));
            using var answer = await drop.PutStatementAsync("recipient", SignedStatement.Sign(StatementPurpose.Recipient, statement.Write(), drop.DropKeys.Alice.Signing));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
        var recipients = Line(await drop.Source.GetStringAsync("/plain"), "recipients", "en").Split('\n');
        Assert.Equal(identity.Recipient.Text, recipients[1]);
        // Eight days later the statement is over: the roster's own recipient is the one again.
        await drop.AdvanceToAsync(drop.Today.AddDays(8));
        Assert.Equal(drop.DropKeys.Alice.Entry(drop.Today).Recipient.Key.Text, Line(await drop.Source.GetStringAsync("/plain"), "recipients", "en").Split('\n')[1]);
    }

    [Fact]
    public async Task Page_WhereOneCannotRead_SaysSo()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var roster = drop.NewRoster(2);
        using var answer = await drop.PutRosterAsync(roster with
        {
            Reviewers = [drop.DropKeys.Alice.Entry(drop.Today.AddDays(90)), drop.DropKeys.Bob.Entry(drop.Today.AddDays(1))],
        });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.DoesNotContain("(cannot read it at present)", await drop.Source.GetStringAsync("/plain"));
        await drop.AdvanceToAsync(drop.Today.AddDays(2));
        var page = await drop.Source.GetStringAsync("/plain");
        Assert.Contains("1 of 2 reviewers can open", page);
        Assert.Equal(2, page.Split("(cannot read it at present)").Length);
        Assert.Equal(3, Line(page, "recipients", "en").Split('\n').Length);
    }

    [Fact]
    public async Task Page_OfAClosedDrop_SaysWhyAndShowsTheOtherWays()
    {
        await using var drop = await RunningDrop.SetUpAsync();
        var roster = drop.NewRoster(2) with
        {
            Name = new Dictionary<string, string> { ["en"] = "</bdi><script>alert(1)</script>" },
            Channels = [new("telephone", "+00 0000 \"<1>\"", new Dictionary<string, string> { ["zh-Hans"] = "夜班" })],
        };
        using var answer = await drop.PutRosterAsync(roster);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("<form ", await drop.Source.GetStringAsync("/plain"));
        await drop.AdvanceToAsync(roster.Expires.AddDays(1));
        var page = await drop.Source.GetStringAsync("/plain");
        Assert.Contains($"ended on {roster.Expires:yyyy-MM-dd}", page);
        Assert.Contains("Telephone: <bdi>夜班</bdi> <bdi>&#x2B;00 0000 &quot;&lt;1&gt;&quot;</bdi>", page);
        Assert.DoesNotContain("<form", page);
        Assert.DoesNotContain("<script", page);
    }

    [Fact]
    public async Task Page_OfADropThatIsNotSetUp_503AsAPage()
    {
        await using var drop = await RunningDrop.EmptyAsync();
        using var answer = await drop.Source.GetAsync("/plain");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("还没有设置好", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("PUT", "/plain", 405)]
    [InlineData("HEAD", "/plain", 405)]
    [InlineData("GET", "/plain/", 200)]
    [InlineData("GET", "/plain?a=b", 200)]
    [InlineData("DELETE", "/PLAIN", 405)]
    public async Task Address_AskedOtherwise_IsAPageStill(string method, string path, int status)
    {
        await using var drop = await RunningDrop.SetUpAsync();
        using var answer = await drop.Source.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(PlainView.Policy, string.Join("", answer.Headers.GetValues("Content-Security-Policy")));
        using var other = await drop.Reviewers.GetAsync("/plain");
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public void Texts_OfEveryFault_SayWhatIsWrongAndWhatToDoInBothLanguages()
    {
        foreach (var texts in PlainTexts.All)
            Assert.All(Enum.GetValues<PlainFault>(), fault => Assert.Equal(2, texts.Of(fault).Count(sentence => sentence.Length > 5)));
    }

    private static string Line(string page, string id, string language) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"<pre id=\"{id}-{language}\"[^>]*>(?<line>[^<]*)</pre>", RegexOptions.None, TimeSpan.FromSeconds(5)).Groups["line"].Value);
}
