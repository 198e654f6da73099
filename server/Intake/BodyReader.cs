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

    /// <returns>The body, to be disposed; null when there are more than <paramref name="mostInBytes"/>.</returns>
    /// <exception cref="BadHttpRequestException">Malformed, broken off or too slow.</exception>
    public static async Task<Body?> ReadAsync(HttpRequest request, int mostInBytes, TimeProvider time, CancellationToken cancel)
    {
        if (request.ContentLength > mostInBytes)
            return null;
        request.HttpContext.Items[HasBegun] = true;
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        var body = new Body(Math.Min(FirstBufferSizeInBytes, mostInBytes));
        var isWhole = false;
        try
        {
            isWhole = await FillAsync(body, request.Body, mostInBytes, both.Token);
            return isWhole ? body : null;
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
        finally
        {
            if (!isWhole)
                body.Dispose();
        }
    }

    /// <returns>False when something comes after <paramref name="mostInBytes"/>.</returns>
    private static async Task<bool> FillAsync(Body body, Stream source, int mostInBytes, CancellationToken cancel)
    {
        while (body.Length < mostInBytes)
        {
            var read = await source.ReadAsync(body.Free(mostInBytes), cancel);
            if (read == 0)
                return true;
            body.Advance(read);
        }
        return await source.ReadAsync(new byte[1], cancel) == 0;
    }
}
