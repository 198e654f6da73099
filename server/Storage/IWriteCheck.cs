namespace SecureDrop.Server.Storage;

/// <summary>Whether a store of several machines keeps what is written: it may still be read where it does not.</summary>
public interface IWriteCheck
{
    /// <summary>Writes something small that says nothing, no hour and no number among it, as safely as a report.</summary>
    /// <exception cref="StoreException">It is not kept by as many as a report must be.</exception>
    Task WriteAsync(CancellationToken cancel);
}
