using CsCheck;
using SecureDrop.Tests.Reviewer.Processes;
using SecureDrop.Tests.Server.Faults;

namespace SecureDrop.Tests.Reviewer.Faults;

/// <summary>
/// SIGKILL at a moment of chance. Counted in changes that the program has made to the disk, and some milliseconds after one of them: by the
/// clock alone most would come before it has done anything, or long after.
/// </summary>
internal static class RandomKills
{
    // One in so many is followed by another, of the run that takes up what it left.
    private const int TwiceOneIn = 3;
    private const int LongestAfterInMilliseconds = 60;

    /// <summary>Starts the real program and kills it, once or twice.</summary>
    /// <param name="chance">When.</param>
    /// <param name="desk">Whose program.</param>
    /// <param name="folder">Where changes are counted.</param>
    /// <param name="changes">About so many of them a whole run makes there.</param>
    /// <param name="check">What holds after each.</param>
    /// <param name="arguments">The command.</param>
    /// <returns>How often it was killed before it ended by itself.</returns>
    public static async Task<int> AmidAsync(PCG chance, TestDesk desk, string folder, int changes, Func<Task> check, params string[] arguments)
    {
        int killed = 0;
        for (int kills = chance.Below(TwiceOneIn) == 0 ? 2 : 1; kills > 0; kills--)
        {
            int left = 1 + chance.Below(changes);
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using FileSystemWatcher watcher = new(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite,
            };
            void Count(object sender, FileSystemEventArgs e)
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    reached.SetResult();
                }
            }

            watcher.Created += Count;
            watcher.Changed += Count;
            watcher.Deleted += Count;
            watcher.Renamed += Count;
            watcher.EnableRaisingEvents = true;
            using ReviewerProcess process = ReviewerProcess.Start(desk, arguments);
            await Task.WhenAny(reached.Task, process.EndAsync());
            // At once, or a little later: some steps of a command change nothing on the disk, others take less than a millisecond.
            await Task.Delay(chance.Below(2) * chance.Below(LongestAfterInMilliseconds));
            killed += process.HasEnded ? 0 : 1;
            await process.KillAsync();
            await check();
        }

        return killed;
    }
}
