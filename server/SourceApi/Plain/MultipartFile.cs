using System.Text;
using Microsoft.Net.Http.Headers;
using SecureDrop.Server.Intake;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>What was found in a form.</summary>
internal enum FormContent
{
    /// <summary>One file, in the field <see cref="MultipartFile.Field"/>.</summary>
    File,

    /// <summary>The field is there, and no file was chosen.</summary>
    NoFile,

    /// <summary>Another field, or a second file.</summary>
    MoreThanOne,

    /// <summary>Not a form as a browser sends it.</summary>
    Malformed,
}

/// <summary>
/// The one file of a form (RFC 7578), found in the bytes of the body. Stricter than the framework's reader, which skips what comes
/// before and after the parts; and unlike that one it makes no text of the file's name, which would stay in memory after the
/// request: the name is passed over as bytes, and the body is erased with all that stands in it.
/// </summary>
internal static class MultipartFile
{
    /// <summary>The field's name.</summary>
    public const string Field = "sealed";

    /// <summary>Most that the form adds to its file: two boundary lines, and the part's own headers with the file's name.</summary>
    public const int LargestFrameInBytes = 4096;

    private const int LongestBoundaryInCharacters = 70;
    private static readonly byte[] Disposition = Encoding.ASCII.GetBytes($"Content-Disposition: form-data; name=\"{Field}\"; filename=");

    /// <returns>The boundary that the request names (RFC 2046: 1 to 70 characters); null where the request is no form, or is coded.</returns>
    public static string? BoundaryOf(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(MediaType.Form, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is >= 1 and <= LongestBoundaryInCharacters && boundary.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? boundary.ToString()
            : null;
    }

    /// <param name="body">The whole body.</param>
    /// <param name="boundary">From <see cref="BoundaryOf"/>.</param>
    /// <param name="file">Where the file's bytes lie.</param>
    public static FormContent Find(ReadOnlySpan<byte> body, string boundary, out Range file)
    {
        file = default;
        var delimiter = Encoding.ASCII.GetBytes($"\r\n--{boundary}");
        if (!body.StartsWith(delimiter.AsSpan(2)))
            return FormContent.Malformed;
        var rest = body[(delimiter.Length - 2)..];
        var headersEnd = rest[..Math.Min(rest.Length, LargestFrameInBytes)].IndexOf("\r\n\r\n"u8);
        if (!rest.StartsWith("\r\n"u8) || headersEnd < 0)
            return FormContent.Malformed;
        if (!IsOurField(rest[2..Math.Max(2, headersEnd)]))
            return FormContent.MoreThanOne;
        var start = body.Length - rest.Length + headersEnd + 4;
        var length = body[start..].IndexOf(delimiter);
        if (length < 0)
            return FormContent.Malformed;
        var end = body[(start + length + delimiter.Length)..];
        if (end.StartsWith("\r\n"u8))
            return FormContent.MoreThanOne;
        if (!end.SequenceEqual("--"u8) && !end.SequenceEqual("--\r\n"u8))
            return FormContent.Malformed;
        file = start..(start + length);
        return length == 0 ? FormContent.NoFile : FormContent.File;
    }

    /// <summary>Whether one of the lines is the disposition, word for word as every browser writes it; the header's name in any case.</summary>
    private static bool IsOurField(ReadOnlySpan<byte> headers)
    {
        foreach (var line in headers.Split("\r\n"u8))
        {
            var header = headers[line];
            if (header.Length >= Disposition.Length && Ascii.EqualsIgnoreCase(header[..Disposition.Length], Disposition))
                return true;
        }
        return false;
    }
}
