using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>One command at a time in a home directory: two that write the index would each lose what the other learned.</summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream _held;

    private HomeLock(FileStream held) => _held = held;

    /// <exception cref="ReviewerException">Another process holds it (it is gone when that process is, however it ended).</exception>
    public static HomeLock Take(HomeDirectory home)
    {
        home.Create();
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new HomeLock(new FileStream(home.Lock, options));
        }
        catch (IOException e)
        {
            throw new ReviewerException(ExitCode.Busy,
                $"Another reviewer command (or an open shell) works in {home.Path}. Nothing was changed; try again when it has ended.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw AtomicFile.Explain(e, home.Lock);
        }
    }

    public void Dispose() => _held.Dispose();
}
