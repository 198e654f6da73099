namespace SecureDrop.Server.Intake;

/// <summary>Reads a body whole, up to a limit, within a deadline; its buffer grows with what has arrived, not with what was announced.</summary>
public static class BodyReader
{
    private const int FirstBufferSizeInBytes = 80 * 1024;

    // At the slowest rate that Kestrel lets pass a part would take six hours; nobody may hold a place for that long.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    /// <returns>The body, to be disposed; null when there are more than <paramref name="mostInBytes"/>.</returns>
    /// <exception cref="BadHttpRequestException">Malformed, broken off or too slow.</exception>
    public static async Task<Body?> ReadAsync(HttpRequest request, int mostInBytes, TimeProvider time, CancellationToken cancel)
    {
        if (request.ContentLength > mostInBytes)
            return null;
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        var body = new Body(Math.Min(FirstBufferSizeInBytes, mostInBytes));
        try
        {
            if (await FillAsync(body, request.Body, mostInBytes, both.Token))
                return body;
            body.Dispose();
            return null;
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            body.Dispose();
            throw new BadHttpRequestException("Too slow.", StatusCodes.Status408RequestTimeout, e);
        }
        catch
        {
            body.Dispose();
            throw;
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
