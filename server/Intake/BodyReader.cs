namespace SecureDrop.Server.Intake;

/// <summary>Reads a body whole, up to a limit, within a deadline; its buffer grows with what has arrived, not with what was announced.</summary>
public static class BodyReader
{
    private const int FirstBufferSizeInBytes = 80 * 1024;

    // At the slowest rate that Kestrel lets pass a part would take six hours; nobody may hold a place for that long.
    internal static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    // Reading makes the web server send "100 Continue" to whoever waits for it.
    private static readonly object HasBegun = new();

    /// <summary>Whether the client waits to be asked for a body of which nothing has been read.</summary>
    internal static bool IsAwaited(HttpRequest request) => request.Headers.Expect.Count > 0 && !request.HttpContext.Items.ContainsKey(HasBegun);

    /// <returns>The bytes, or null when there are more than <paramref name="mostInBytes"/>.</returns>
    /// <exception cref="BadHttpRequestException">Malformed, broken off or too slow.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int mostInBytes, TimeProvider time, CancellationToken cancel)
    {
        if (request.ContentLength > mostInBytes)
            return null;
        request.HttpContext.Items[HasBegun] = true;
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        var buffer = new byte[Math.Min(FirstBufferSizeInBytes, mostInBytes + 1)];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(buffer.Length * 2, mostInBytes + 1));
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), both.Token);
                if (read == 0)
                    return buffer.AsMemory(0, length);
                length += read;
                if (length > mostInBytes)
                    return null;
            }
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            throw new BadHttpRequestException("Too slow.", StatusCodes.Status408RequestTimeout, e);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // The web server's word for some malformed chunks; nothing but the network is read here, so it is never a fault of a disk.
            throw new BadHttpRequestException("Malformed or broken off.", StatusCodes.Status400BadRequest, e);
        }
    }
}
