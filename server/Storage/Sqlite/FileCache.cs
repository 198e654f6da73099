namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>
/// The open files of one kind, by day: the newest stay open, older ones are opened when asked for and closed when others are.
/// A file in use is never closed under its user.
/// </summary>
/// <param name="open">Opens a day's file.</param>
/// <param name="kept">So many stay open.</param>
internal sealed class FileCache<TFile>(Func<DateOnly, TFile> open, int kept = 8) : IAsyncDisposable
    where TFile : class, IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<DateOnly, Lease> _files = [];
    private long _uses;

    /// <summary>Runs <paramref name="use"/> with the day's file, which stays open until it has returned.</summary>
    public async Task<T> UseAsync<T>(DateOnly day, Func<TFile, Task<T>> use, CancellationToken cancel)
    {
        var lease = await TakeAsync(day, isReplacing: false, cancel);
        try
        {
            return await use(lease.File!);
        }
        finally
        {
            await _gate.WaitAsync(CancellationToken.None);
            if (--lease.Users == 0)
                lease.Idle?.TrySetResult();
            _gate.Release();
        }
    }

    /// <summary>Closes the day's file once nobody uses it and runs <paramref name="replace"/> while nobody can open it.</summary>
    public async Task ReplaceAsync(DateOnly day, Action replace, CancellationToken cancel)
    {
        var lease = await TakeAsync(day, isReplacing: true, cancel);
        try
        {
            if (lease.Idle is { } idle)
                await idle.Task;
            if (lease.File is { } file)
                await file.DisposeAsync();
            await Task.Run(replace, CancellationToken.None);
        }
        finally
        {
            await _gate.WaitAsync(CancellationToken.None);
            _files.Remove(day);
            _gate.Release();
            lease.Replaced!.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        foreach (var lease in _files.Values)
        {
            if (lease.File is { } file)
                await file.DisposeAsync();
        }
        _files.Clear();
        _gate.Dispose();
    }

    private async Task<Lease> TakeAsync(DateOnly day, bool isReplacing, CancellationToken cancel)
    {
        while (true)
        {
            Task wait;
            await _gate.WaitAsync(cancel);
            try
            {
                _files.TryGetValue(day, out var lease);
                if (lease?.Replaced is { } replaced)
                {
                    wait = replaced.Task;
                }
                else if (isReplacing)
                {
                    _files[day] = lease ??= new Lease(null);
                    lease.Replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    lease.Idle = lease.Users > 0 ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
                    return lease;
                }
                else
                {
                    if (lease is null)
                    {
                        await CloseIdleAsync(kept - 1);
                        _files[day] = lease = new Lease(open(day));
                    }
                    lease.Users++;
                    lease.LastUse = ++_uses;
                    return lease;
                }
            }
            finally
            {
                _gate.Release();
            }
            await wait.WaitAsync(cancel);
        }
    }

    private async Task CloseIdleAsync(int keep)
    {
        foreach (var (day, lease) in _files.Where(file => file.Value is { Users: 0, Replaced: null }).OrderBy(file => file.Value.LastUse).ToList())
        {
            if (_files.Count <= keep)
                return;
            _files.Remove(day);
            await lease.File!.DisposeAsync();
        }
    }

    private sealed class Lease(TFile? file)
    {
        public TFile? File { get; } = file;
        public int Users { get; set; }
        public long LastUse { get; set; }
        public TaskCompletionSource? Idle { get; set; }
        public TaskCompletionSource? Replaced { get; set; }
    }
}
