using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>The copies of replies, which say what the other reviewers answered: fetched by the day, and read when the server is asked nothing more.</summary>
internal sealed class CopiesFetch(UnlockedHome home, ReviewerApi api)
{
    private readonly List<(DateOnly Day, string? Path)> _came = [];

    /// <summary>Fetches what was not read after its day had ended. A copy fits where a hundred texts do, so a broken day is fetched anew.</summary>
    public async Task RunAsync(List<(DateOnly Day, WireDay Listed)> days, CancellationToken cancel)
    {
        foreach ((DateOnly day, WireDay listed) in days.Where(d => !home.Index.Days[d.Day].CopiesDone))
        {
            _came.Add((day, listed.Copies > 0 ? await FetchAsync(day, cancel) : null));
        }
    }

    /// <summary>Reads them; what was read of a day that had ended is not asked for again.</summary>
    /// <param name="roster">Whose reviewers' copies count.</param>
    /// <param name="today">The first day that has not ended.</param>
    /// <param name="cancel">Stops.</param>
    public async Task ReadAsync(Roster roster, DateOnly today, CancellationToken cancel)
    {
        foreach ((DateOnly day, string? path) in _came)
        {
            if (path is not null)
            {
                try
                {
                    await using FileStream copies = File.OpenRead(path);
                    await Conversations.ReadCopiesAsync(home, copies, roster, day, cancel);
                }
                catch (InvalidDataException e)
                {
                    throw Broken(day, e);
                }

                File.Delete(path);
            }

            // Until its day has ended, a batch may be replaced.
            home.Index.Days[day].CopiesDone = day < today;
        }
    }

    private async Task<string> FetchAsync(DateOnly day, CancellationToken cancel)
    {
        // Not in the day's folder: whatever is left of it when a run is stopped, Arrivals.RemoveUnfinished takes for nobody's.
        string path = Path.Combine(home.Home.Reports, $"copies-{Days.Text(day)}{ReportDownload.PartSuffix}");
        HomeDirectory.CreatePrivate(home.Home.Reports);
        File.Delete(path);
        byte[] buffer = new byte[64 * 1024];
        try
        {
            await using FileStream file = AtomicFile.Create(path);
            await using Stream body = await OpenAsync(day, cancel);
            while (await ReadAsync(body, buffer, day, cancel) is var read and > 0)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Of the network's own nothing gets here.
            throw AtomicFile.Explain(e, path);
        }

        return path;
    }

    private async Task<Stream> OpenAsync(DateOnly day, CancellationToken cancel)
    {
        try
        {
            return await api.CopiesAsync(day, null, cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Broken(day, e);
        }
    }

    private static async Task<int> ReadAsync(Stream body, Memory<byte> buffer, DateOnly day, CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(buffer, cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Broken(day, e);
        }
    }

    private static ReviewerException Broken(DateOnly day, Exception e) => new(ExitCode.Unreachable,
        $"The connection broke while fetching {Days.Text(day)} ({e.Message.TrimEnd('.')}). What had arrived is kept; run `reviewer sync` again and it goes on from there.", e);
}
