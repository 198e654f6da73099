using Microsoft.Data.Sqlite;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>A write that waits for its group, and whoever waits for it.</summary>
internal abstract class PendingWrite(int sizeInBytes, Newcomer? newcomer)
{
    public int SizeInBytes => sizeInBytes;
    public Newcomer? Newcomer => newcomer;
    public Exception? Exception { get; protected set; }
    public abstract bool TryRun(SqliteConnection connection);
    public void Fail(Exception exception) => Exception ??= exception;
    public abstract void Done();
}

/// <inheritdoc cref="PendingWrite"/>
internal sealed class PendingWrite<T>(Func<SqliteConnection, T> work, int sizeInBytes, Newcomer? newcomer) : PendingWrite(sizeInBytes, newcomer)
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    public Task<T> Result => _source.Task;

    public override bool TryRun(SqliteConnection connection)
    {
        try
        {
            _value = work(connection);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is belongs to the caller of this write, not to its neighbours in the group.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Exception = e;
            return false;
        }
    }

    public override void Done()
    {
        if (Exception is { } exception)
            _source.SetException(exception);
        else
            _source.SetResult(_value!);
    }
}
