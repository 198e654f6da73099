namespace SecureDrop.Server.Privacy;

/// <summary>
/// Everything this server ever writes down, and there is nothing else: the hosts' own logging has no provider. None of it comes
/// from a request: no path, id, address, length or header. A fault is its type and place in this program, never its message; where the
/// machine is at fault, the store's sentence, which names a file and what to do. Whatever keeps the log adds the time to each line: so
/// what a request ran into is said at the turn of the hour, and once a day, or the log would say when somebody came.
/// </summary>
public sealed class ServerLog(TextWriter writer)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _waiting = [];
    private readonly HashSet<string> _said = [];
    private DateTimeOffset _turned;
    private bool _isStoreAway;
    private bool _isFull;

    /// <summary>What a request ran into: said later.</summary>
    public void Fault(Exception exception)
    {
        lock (_lock)
            _waiting.UnionWith(Sentences(exception));
    }

    /// <summary>What the server found by itself, without anybody coming: said now, and once a day.</summary>
    public void OwnFault(Exception exception)
    {
        foreach (var sentence in Sentences(exception))
            Problem(sentence);
    }

    /// <summary>As above, in a sentence of the store's.</summary>
    public void Problem(string sentence)
    {
        lock (_lock)
            Say(sentence);
    }

    /// <summary>Called once a minute: with a new hour, what waits is said; with a new day, all may be said again.</summary>
    public void Turn(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now.UtcDateTime.Date != _turned.UtcDateTime.Date)
                _said.Clear();
            if (now.UtcDateTime.Date != _turned.UtcDateTime.Date || now.Hour != _turned.Hour)
                SayWaiting();
            _turned = now;
        }
    }

    /// <summary>Says what waits: the server stops, or somebody looks for what is wrong.</summary>
    public void Flush()
    {
        lock (_lock)
            SayWaiting();
    }

    /// <summary>How much room the store has left, which the server looks at once a minute whether anybody comes or not.</summary>
    /// <param name="leftInBytes">What is left above the floor.</param>
    /// <param name="floorInMebibytes">The floor.</param>
    public void Room(long leftInBytes, int floorInMebibytes)
    {
        var isFull = leftInBytes <= 0;
        if (Interlocked.Exchange(ref _isFull, isFull) == isFull)
            return;
        writer.WriteLine(isFull
            ? $"warning: less than {floorInMebibytes} MiB (SecureDrop:Drop:FreeSpaceFloorInMebibytes) are free where the store lies, so nothing is taken; what was taken stays. Make room there, and the server goes on by itself"
            : "there is room again where the store lies; the server takes reports");
    }

    /// <summary>Once for each time that it goes away, however often it is asked: a line for each request would be a diary of visits.</summary>
    public void StoreIsAway(Storage.StoreException exception)
    {
        if (!Interlocked.Exchange(ref _isStoreAway, true))
            writer.WriteLine($"warning: {exception.Message} It is asked again until it does");
    }

    /// <summary>Once after each <see cref="StoreIsAway"/>.</summary>
    public void StoreAnswers()
    {
        if (Interlocked.Exchange(ref _isStoreAway, false))
            writer.WriteLine("the store answers again");
    }

    public void PublishesAtOnce() =>
        writer.WriteLine("warning: replies are published at once (SecureDrop:DeadDrop:PublishAtOnce), so whoever polls sees when reviewers work; for demonstrations only");

    /// <summary>Once, when it starts.</summary>
    /// <param name="reason">Half a sentence, which names the socket.</param>
    public void NoBackups(string reason) =>
        writer.WriteLine($"warning: no backup can be made while this server runs, since {reason}; stop it for one, or move the data folder");

    public void DayEnded(Storage.DayEnd kind, DateOnly day) => writer.WriteLine(kind switch
    {
        Storage.DayEnd.Key => $"day {day:yyyy-MM-dd}: complete, its key is destroyed",
        Storage.DayEnd.DeadDrop => $"day {day:yyyy-MM-dd}: its dead drop has ended",
        _ => $"day {day:yyyy-MM-dd}: its reports and copies have ended",
    });

    public void DaysWait(int days) =>
        writer.WriteLine($"warning: {days} more days are due to end; one ends an hour. Was the server off for long, or did the clock jump ahead? Check the clock");

    public void ClockWentBack(DateOnly today, DateOnly newest) =>
        writer.WriteLine($"warning: the clock says {today:yyyy-MM-dd}, but the store has seen {newest:yyyy-MM-dd}. Check the clock");

    private static IEnumerable<string> Sentences(Exception exception) =>
        exception is AggregateException several ? several.InnerExceptions.SelectMany(Sentences) : [Sentence(exception)];

    private static string Sentence(Exception exception)
    {
        if (exception is Storage.StoreException store)
            return store.Message;
        var place = new System.Diagnostics.StackTrace(exception, fNeedFileInfo: false).GetFrame(0)?.GetMethod();
        return $"{exception.GetType().Name} in {place?.DeclaringType?.Name}.{place?.Name}; whoever asked was told to try again";
    }

    private void SayWaiting()
    {
        foreach (var sentence in _waiting)
            Say(sentence);
        _waiting.Clear();
    }

    private void Say(string sentence)
    {
        if (_said.Add(sentence))
            writer.WriteLine($"fault: {sentence}");
    }
}
