using System.Net;
using System.Net.Sockets;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>When the page asks again by itself: where the line broke, or the server said that it is busy for a moment (server/Web/src/api/retry.ts).</summary>
internal static class PagePauses
{
    private static readonly int[] InSeconds = [2, 6, 15];
    private const int LongestInSeconds = 40;

    /// <summary>Runs <paramref name="call"/>, with the page's pauses and tries.</summary>
    /// <param name="call">One try.</param>
    /// <param name="onPause">Told of each failure that is followed by another try.</param>
    internal static async Task<T> TryAsync<T>(Func<Task<T>> call, Action<Exception> onPause)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (tries < InSeconds.Length && After(e, tries) is { } pause)
            {
                onPause(e);
                await Task.Delay(pause);
            }
        }
    }

    /// <summary>Whether a failure is the line's, and not the server's answer.</summary>
    internal static bool IsOfTheLine(Exception e) => e is HttpRequestException or TaskCanceledException or IOException or SocketException;

    /// <summary>Null where the page gives up and tells the source.</summary>
    private static TimeSpan? After(Exception e, int tries) => e switch
    {
        RefusedException { Status: HttpStatusCode.ServiceUnavailable } busy when busy.RetryAfter.TotalSeconds <= LongestInSeconds =>
            TimeSpan.FromSeconds(Math.Max(InSeconds[tries], busy.RetryAfter.TotalSeconds)),
        _ when IsOfTheLine(e) => TimeSpan.FromSeconds(InSeconds[tries]),
        _ => null,
    };
}
