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

    /// <param name="request">The request.</param>
    /// <param name="mostInBytes">The longest body.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">The client left.</param>
    /// <param name="place">Where it is held, if at a gate.</param>
    /// <returns>The body, to be disposed; null when there are more than <paramref name="mostInBytes"/>.</returns>
    /// <exception cref="BadHttpRequestException">Malformed, broken off or too slow.</exception>
    public static async Task<Body?> ReadAsync(HttpRequest request, int mostInBytes, TimeSpan within, TimeProvider time, CancellationToken cancel, Gate.Place? place = null)
    {
        if (request.ContentLength > mostInBytes)
            return null;
        request.HttpContext.Items[HasBegun] = true;
        using var deadline = new CancellationTokenSource(within, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, place?.Lost ?? default, cancel);
        var body = new Body(Math.Min(FirstBufferSizeInBytes, mostInBytes));
        var isWhole = false;
        try
        {
            isWhole = await FillAsync(body, request.Body, mostInBytes, place, any.Token);
            return isWhole ? body : null;
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested || place is { Lost.IsCancellationRequested: true })
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
    private static async Task<bool> FillAsync(Body body, Stream source, int mostInBytes, Gate.Place? place, CancellationToken cancel)
    {
        while (body.Length < mostInBytes)
        {
            var read = await source.ReadAsync(body.Free(mostInBytes), cancel);
            if (read == 0)
                return true;
            body.Advance(read);
            place?.Move(read);
        }
        return await source.ReadAsync(new byte[1], cancel) == 0;
    }
}
