using System.Text;
using SecureDrop.Server.SourceApi.Plain;
using Xunit;

namespace SecureDrop.Tests.Server.SourceApi.Plain;

public sealed class MultipartFileTests
{
    private const string B = Forms.Boundary;

    [Fact]
    public void Find_AForm_TheFilesBytesWhateverTheyAre()
    {
        byte[] file = [.. Enumerable.Range(0, 256).Select(n => (byte)n), .. "\r\n--\r\n\r\n----WebKit\r\n"u8];
        foreach (var body in new[] { Forms.Of(file), Forms.Of(file)[..^2], Forms.Of(file, "阀门\"; name=\"other\".age") })
        {
            Assert.Equal(FormContent.File, MultipartFile.Find(body, B, out var range));
            Assert.Equal(file, body[range]);
        }
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "", "Malformed" },
        { "--", "Malformed" },
        { $"--{B}", "Malformed" },
        { $"--{B}--", "Malformed" },
        { $"--{B}\r\n", "Malformed" },
        { $"--{B}\r\n\r\n", "MoreThanOne" },
        { $"preamble\r\n{Text("x")}", "Malformed" },
        { Text("x")[..^4], "Malformed" },
        { Text("x")[..^5], "Malformed" },
        { Text("x") + "epilogue", "Malformed" },
        { Text("x").Replace($"--{B}--", $"--{B}-x"), "Malformed" },
        { Text("x").Replace($"--{B}--", $"--{B}x--"), "Malformed" },
        { Text("x").Replace("name=\"sealed\"", "name=\"message\""), "MoreThanOne" },
        { Text("x").Replace("; filename=\"report.age\"", ""), "MoreThanOne" },
        { Text("x").Replace("Content-Disposition", "X-Disposition"), "MoreThanOne" },
        { Text("x").Replace("\r\n", "\n"), "Malformed" },
        { Text(""), "NoFile" },
        { Encoding.Latin1.GetString(Forms.Parts(Forms.Part([1]), Forms.Part([2]))), "MoreThanOne" },
        { Encoding.Latin1.GetString(Forms.Parts(Forms.Part([1], field: "message"), Forms.Part([2]))), "MoreThanOne" },
        { Text("x").Replace("application/octet-stream", new string('a', 5000)), "Malformed" },
        { $"--{B}\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 2000))}\r\nx\r\n--{B}--", "Malformed" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Find_AnythingElse_SaysWhatItIs(string body, string expected) =>
        Assert.Equal(expected, MultipartFile.Find(Encoding.Latin1.GetBytes(body), B, out _).ToString());

    [Theory]
    [InlineData("multipart/form-data; boundary=abc", "abc")]
    [InlineData("Multipart/Form-Data; charset=utf-8; boundary=\"a b\"", null)]
    [InlineData("multipart/form-data; boundary=\"abc\"", "abc")]
    [InlineData("multipart/form-data; boundary=", null)]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/mixed; boundary=abc", null)]
    [InlineData("application/octet-stream", null)]
    [InlineData("multipart/form-data; boundary=\"a\u0007b\"", null)]
    [InlineData("", null)]
    public void BoundaryOf_AContentType_OnlyAFormsOwn(string type, string? expected) => Assert.Equal(expected, BoundaryOf(type));

    [Fact]
    public void BoundaryOf_LongerThan70Characters_Null()
    {
        Assert.NotNull(BoundaryOf("multipart/form-data; boundary=" + new string('a', 70)));
        Assert.Null(BoundaryOf("multipart/form-data; boundary=" + new string('a', 71)));
    }

    private static string Text(string file) => Encoding.Latin1.GetString(Forms.Of(Encoding.Latin1.GetBytes(file)));

    private static string? BoundaryOf(string type)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Request.ContentType = type;
        return MultipartFile.BoundaryOf(context.Request);
    }
}
