namespace SecureDrop.Server.SourceApi.Plain;

internal static class GetPlain
{
    public static Task<PlainAnswer> HandleAsync(PlainPages pages, CancellationToken cancel) => pages.ReadAsync(cancel);
}
