namespace SecureDrop.Crypto.Reports;

/// <summary>A file to be attached. It is read twice: once for its digest, which the report carries and the signature covers, once to be sealed.</summary>
/// <param name="Name">The file's name, as it goes into the report.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Open">Opens it from its beginning; the caller of this disposes the stream.</param>
public sealed record AttachmentSource(string Name, string Type, Func<Stream> Open)
{
    /// <summary>Reads every file once and says what <c>report.json</c> has to name.</summary>
    public static IReadOnlyList<ReportAttachment> Describe(IReadOnlyList<AttachmentSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return [.. sources.Select((source, index) => source.Describe(index + 1))];
    }

    private ReportAttachment Describe(int number)
    {
        using Stream content = Open();
        (byte[] digest, long size) = AttachmentDigest.Compute(content);
        return new ReportAttachment(ReportLimits.AttachmentName(number), Name, Type, size, Convert.ToHexStringLower(digest), Scrubbed: false);
    }
}
