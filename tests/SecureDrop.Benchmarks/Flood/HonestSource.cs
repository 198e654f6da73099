using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SecureDrop.Benchmarks.Drop;
using SecureDrop.Benchmarks.Measuring;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Benchmarks.Flood;

/// <summary>
/// A source amid a flood: one whole visit after another, each as the page makes it: page, roster, index, every dead drop, ticket, proof
/// of work, upload; with the page's pauses where the server is busy or the line breaks, and its number of tries.
/// </summary>
internal sealed class HonestSource(Uri server, byte[] report)
{
    private static readonly int[] PausesInSeconds = [2, 6, 15];
    private const int LongestPauseInSeconds = 20;
    private const int AnswerLimitInSeconds = 120;

    private readonly List<Visit> _visits = [];

    /// <summary>One visit; the difficulty that it had to solve.</summary>
    private readonly record struct Visit(TimeSpan Time, bool Arrived, int Difficulty, int Retries, TimeSpan Work);

    internal int Arrived => _visits.Count(visit => visit.Arrived);

    internal int Failed => _visits.Count(visit => !visit.Arrived);

    internal TimeSpan Median => Of(0.5);

    internal TimeSpan Longest => Of(1);

    internal TimeSpan LongestWork => _visits.Count == 0 ? TimeSpan.Zero : _visits.Max(visit => visit.Work);

    internal int Retries => _visits.Sum(visit => visit.Retries);

    internal int MostDifficulty => _visits.Count == 0 ? 0 : _visits.Max(visit => visit.Difficulty);

    /// <summary>A sealed report of the smallest class, made before the flood begins.</summary>
    internal static async Task<byte[]> SealAsync(Uri server)
    {
        using HttpClient http = new() { BaseAddress = server };
        BenchmarkSource source = await BenchmarkSource.AtAsync(http, Clock.Today());
        return source.SealText(Clock.Today(), ReportKind.Report, "The accounts of the works.");
    }

    /// <summary>Visits until it is told to stop, and ends the visit it has begun.</summary>
    internal async Task VisitAsync(CancellationToken stop)
    {
        do
        {
            using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 6 };
            using HttpClient http = new(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(AnswerLimitInSeconds) };
            long began = Stopwatch.GetTimestamp();
            (int retries, int difficulty, TimeSpan work, bool arrived) = (0, 0, TimeSpan.Zero, true);
            try
            {
                await FetchAsync(http, "/", () => retries++);
                await FetchAsync(http, "/api/v1/roster", () => retries++);
                using (JsonDocument index = JsonDocument.Parse(await FetchAsync(http, "/api/v1/dead-drops", () => retries++)))
                {
                    foreach (JsonElement day in index.RootElement.EnumerateArray())
                    {
                        await FetchAsync(http, $"/api/v1/dead-drops/{day.GetProperty("day").GetString()}/0", () => retries++);
                    }
                }

                string ticket = "", payment = "";
                int renewals = 0;
                await TryAsync(async () =>
                {
                    if (payment.Length == 0)
                    {
                        using JsonDocument offer = JsonDocument.Parse(await http.GetByteArrayAsync("/api/v1/ticket"));
                        ticket = offer.RootElement.GetProperty("ticket").GetString()!;
                        difficulty = offer.RootElement.GetProperty("difficulty").GetInt32();
                        long solving = Stopwatch.GetTimestamp();
                        payment = await Task.Run(() => Solution.Solve(ticket, 0, difficulty));
                        work += Stopwatch.GetElapsedTime(solving);
                    }

                    using HttpRequestMessage request = new(HttpMethod.Put, $"/api/v1/reports/{Convert.ToHexStringLower(Ticket.UploadId(ticket))}") { Content = new ByteArrayContent(report) };
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                    request.Headers.Add("Ticket", payment);
                    using HttpResponseMessage answer = await http.SendAsync(request);
                    // A busy server took nothing, and the ticket stays paid; one from before a rise is refused, and another asked for.
                    if (answer.StatusCode == HttpStatusCode.Forbidden && ++renewals < MostRefusals)
                    {
                        payment = "";
                        throw new TicketTooOldException();
                    }

                    answer.EnsureSuccessStatusCode();
                    return report;
                }, () => retries++);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                arrived = false;
            }

            _visits.Add(new Visit(Stopwatch.GetElapsedTime(began), arrived, difficulty, retries, work));
        }
        while (!stop.IsCancellationRequested);
    }

    private static Task<byte[]> FetchAsync(HttpClient http, string path, Action onRetry) => TryAsync(() => http.GetByteArrayAsync(path), onRetry);

    private static async Task<byte[]> TryAsync(Func<Task<byte[]>> call, Action onRetry)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (TicketTooOldException)
            {
                tries--;
                onRetry();
            }
            catch (Exception e) when (tries < PausesInSeconds.Length
                && e is HttpRequestException { StatusCode: null or HttpStatusCode.ServiceUnavailable } or TaskCanceledException or IOException)
            {
                onRetry();
                // A busy server says 10 seconds, a full one an hour: that is told to the source.
                int asked = e is HttpRequestException { StatusCode: not null } ? BusySeconds : 0;
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestPauseInSeconds, Math.Max(PausesInSeconds[tries], asked))));
            }
        }
    }

    private const int BusySeconds = 10;
    private const int MostRefusals = 3;

    private sealed class TicketTooOldException : Exception;

    private TimeSpan Of(double quantile)
    {
        TimeSpan[] times = [.. _visits.Where(visit => visit.Arrived).Select(visit => visit.Time).Order()];
        return times.Length == 0 ? TimeSpan.Zero : times[(int)((times.Length - 1) * quantile)];
    }
}
