namespace SecureDrop.Server.Privacy;

/// <summary>
/// Everything this server ever writes down, and there is nothing else: the hosts' own logging has no provider. None of it comes
/// from a request: no path, id, address, length or header. A fault is its type and place in this program, never its message.
/// </summary>
public sealed class ServerLog(TextWriter writer)
{
    private bool _isStoreAway;

    public void Fault(Exception exception)
    {
        var place = new System.Diagnostics.StackTrace(exception, fNeedFileInfo: false).GetFrame(0)?.GetMethod();
        writer.WriteLine($"fault: {exception.GetType().Name} in {place?.DeclaringType?.Name}.{place?.Name}; the client was told to try again");
    }

    /// <summary>Once for each time that it goes away, however often it is asked: a line for each request would be a diary of visits.</summary>
    public void StoreIsAway(Storage.StoreException exception)
    {
        if (!Interlocked.Exchange(ref _isStoreAway, true))
            writer.WriteLine($"warning: {exception.Message} It is asked again until it does");
    }

    public void StoreAnswers()
    {
        if (Interlocked.Exchange(ref _isStoreAway, false))
            writer.WriteLine("the store answers again");
    }

    public void PublishesAtOnce() =>
        writer.WriteLine("warning: replies are published at once (SecureDrop:DeadDrop:PublishAtOnce), so whoever polls sees when reviewers work; for demonstrations only");

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
}
