using System.Runtime.CompilerServices;
using System.Text.Json;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Reports;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Api;

/// <summary>The reviewer's routes, over a <see cref="ReviewerConnection"/>.</summary>
internal sealed class ReviewerApi : IDisposable
{
    /// <summary>Longest sealed text: 64 hybrid stanzas around 65,536 bytes (protocol, "Size of an age file").</summary>
    public const int LongestTextInBytes = 86 + 1557 * 64 + 65_536 + 16;

    /// <summary>Longest sealed copy of a reply: 64 hybrid stanzas around 8,192 bytes.</summary>
    public const int LongestCopyInBytes = 86 + 1557 * 64 + 8_192 + 16;

    /// <summary>Longest sealed report: 64 hybrid stanzas around the largest size class.</summary>
    public static readonly long LongestReportInBytes = AgeSizes.SealedSizeInBytes(SizeClass.MaxStanzas, SizeClass.LargestInBytes);

    private readonly ReviewerConnection _connection;

    public ReviewerApi(string origin, Uri? proxy, MinisignKeyPair? sessionKey, HttpMessageHandler? handler = null) =>
        _connection = new ReviewerConnection(origin, proxy, sessionKey, handler);

    public async Task<byte[]> RosterAsync(CancellationToken cancel) => await _connection.BytesAsync("api/v1/roster", session: false, cancel);

    /// <summary>What the server handed out before; null where it says nothing of it, as one that is older than this tool does.</summary>
    public async Task<byte[]?> EarlierAsync(CancellationToken cancel)
    {
        try
        {
            return await _connection.BytesAsync("api/v1/roster/earlier", session: false, cancel);
        }
        catch (ReviewerException e) when (e.ExitCode == ExitCode.Refused)
        {
            return null;
        }
    }

    public Task<WireStatus> StatusAsync(CancellationToken cancel) => _connection.GetAsync("api/v1/status", WireJson.Default.WireStatus, false, cancel);

    public Task PutRosterAsync(WireStatement roster, CancellationToken cancel) => PutAsync("api/v1/roster", roster, cancel);

    public Task PutRecipientAsync(WireStatement statement, CancellationToken cancel) => PutAsync("api/v1/recipient", statement, cancel);

    public Task PutSuccessorAsync(WireStatement statement, CancellationToken cancel) => PutAsync("api/v1/successor", statement, cancel);

    public Task<List<WireDay>> DaysAsync(CancellationToken cancel) => _connection.GetAsync("api/v1/days", WireJson.Default.ListWireDay, true, cancel);

    /// <summary>All ids of a day, page by page and never all at once: a hostile server's list may have no end.</summary>
    public async IAsyncEnumerable<WireReport> ReportsAsync(DateOnly day, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? last = null;
        while (true)
        {
            string after = last is null ? "" : "?after=" + last;
            List<WireReport> page = await _connection.GetAsync($"api/v1/days/{Days.Text(day)}/reports{after}", WireJson.Default.ListWireReport, true, cancel);
            if (page.Count == 0)
            {
                yield break;
            }

            foreach (WireReport report in page)
            {
                // The id becomes a file name: nothing but 32 hex digits may. JSON's null passes as a member of a list.
                if (report is null || !IsId(report.Id) || report.Bytes <= 0 || report.Bytes > LongestReportInBytes
                    || string.CompareOrdinal(report.Id, last) <= 0)
                {
                    throw _connection.Nonsense("its list of reports is not one");
                }

                last = report.Id;
                yield return report;
            }
        }
    }

    /// <summary>The smallest class of a day in one stream, after an id.</summary>
    public Task<Stream> TextsAsync(DateOnly day, string? after, CancellationToken cancel) =>
        _connection.StreamAsync($"api/v1/days/{Days.Text(day)}/texts" + (after is null ? "" : "?after=" + after), 0, cancel);

    /// <summary>A day's copies of replies in one stream, after an id.</summary>
    public Task<Stream> CopiesAsync(DateOnly day, string? after, CancellationToken cancel) =>
        _connection.StreamAsync($"api/v1/days/{Days.Text(day)}/copies" + (after is null ? "" : "?after=" + after), 0, cancel);

    /// <summary>One report from a byte on.</summary>
    public Task<Stream> ReportAsync(string id, long fromByte, CancellationToken cancel) => _connection.StreamAsync("api/v1/reports/" + id, fromByte, cancel);

    /// <summary>This reviewer's batch of the day.</summary>
    public async Task PostBatchAsync(byte[] batch, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await _connection.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, "api/v1/dead-drop")
        {
            Content = ReviewerConnection.Content(batch, "application/octet-stream"),
        }, true, cancel);
    }

    /// <summary>Ends a day early; answers the day on which the server says that it goes.</summary>
    public async Task<string> EndDayAsync(DateOnly day, CancellationToken cancel) => (await _connection.AskAsync(
        () => new HttpRequestMessage(HttpMethod.Delete, $"api/v1/days/{Days.Text(day)}"), WireJson.Default.WireEnd, cancel)).EndsOn;

    public void Dispose() => _connection.Dispose();

    internal static bool IsId(string id) => id.Length == 32 && id.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private async Task PutAsync(string path, WireStatement statement, CancellationToken cancel)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(statement, WireJson.Default.WireStatement);
        using HttpResponseMessage answer = await _connection.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, path) { Content = ReviewerConnection.Content(body, "application/json") }, false, cancel);
    }
}
