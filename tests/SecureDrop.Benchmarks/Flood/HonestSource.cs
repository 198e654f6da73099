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
/// of work, upload; with the page's pauses where the server is busy or the line breaks, its number of tries, and a new ticket for each.
/// </summary>
internal sealed class HonestSource(Uri server, byte[] report)
{
    // server/Web/src/visit/tickets.ts.
    private const int MostRefusals = 5;
    private const int AnswerLimitInSeconds = 120;

    private readonly List<Visit> _visits = [];
    private int _retries;

    /// <summary>One visit; the difficulty that it had to solve.</summary>
    private readonly record struct Visit(TimeSpan Time, bool Arrived, int Difficulty, TimeSpan Work);

    internal int Arrived => _visits.Count(visit => visit.Arrived);

    internal int Failed => _visits.Count(visit => !visit.Arrived);

    internal TimeSpan Median => Of(0.5);

    internal TimeSpan Longest => Of(1);

    internal TimeSpan LongestWork => _visits.Count == 0 ? TimeSpan.Zero : _visits.Max(visit => visit.Work);

    internal int Retries => _retries;

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
            (int difficulty, TimeSpan work, bool arrived) = (0, TimeSpan.Zero, true);
            try
            {
                await FetchAsync(http, "/");
                await FetchAsync(http, "/api/v1/roster");
                using (JsonDocument index = JsonDocument.Parse(await FetchAsync(http, "/api/v1/dead-drops")))
                {
                    foreach (JsonElement day in index.RootElement.EnumerateArray())
                    {
                        await FetchAsync(http, $"/api/v1/dead-drops/{day.GetProperty("day").GetString()}/0");
                    }
                }

                int refusals = 0;
                await TryAsync(async () =>
                {
                    while (true)
                    {
                        using JsonDocument offer = JsonDocument.Parse(await GetAsync(http, "/api/v1/ticket"));
                        string ticket = offer.RootElement.GetProperty("ticket").GetString()!;
                        difficulty = offer.RootElement.GetProperty("difficulty").GetInt32();
                        long solving = Stopwatch.GetTimestamp();
                        string payment = await Task.Run(() => Solution.Solve(ticket, 0, difficulty));
                        work += Stopwatch.GetElapsedTime(solving);
                        using HttpRequestMessage request = new(HttpMethod.Put, $"/api/v1/reports/{Convert.ToHexStringLower(Ticket.UploadId(ticket))}") { Content = new ByteArrayContent(report) };
                        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                        request.Headers.Add("Ticket", payment);
                        using HttpResponseMessage answer = await http.SendAsync(request);
                        // From before a rise: another is asked for at once.
                        if (answer.StatusCode == HttpStatusCode.Forbidden && ++refusals < MostRefusals)
                        {
                            Interlocked.Increment(ref _retries);
                            continue;
                        }

                        await RefusedException.ThrowIfRefusedAsync(answer);
                        return report;
                    }
                });
            }
            catch (Exception e) when (e is RefusedException || PagePauses.IsOfTheLine(e))
            {
                arrived = false;
            }

            _visits.Add(new Visit(Stopwatch.GetElapsedTime(began), arrived, difficulty, work));
        }
        while (!stop.IsCancellationRequested);
    }

    private Task<byte[]> FetchAsync(HttpClient http, string path) => TryAsync(() => GetAsync(http, path));

    private static async Task<byte[]> GetAsync(HttpClient http, string path)
    {
        using HttpResponseMessage answer = await http.GetAsync(path);
        await RefusedException.ThrowIfRefusedAsync(answer);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private Task<byte[]> TryAsync(Func<Task<byte[]>> call) => PagePauses.TryAsync(call, _ => Interlocked.Increment(ref _retries));

    private TimeSpan Of(double quantile)
    {
        TimeSpan[] times = [.. _visits.Where(visit => visit.Arrived).Select(visit => visit.Time).Order()];
        return times.Length == 0 ? TimeSpan.Zero : times[(int)((times.Length - 1) * quantile)];
    }
}
