namespace SecureDrop.Reviewer.Desk;

/// <summary>One report that the server lists and does not hand out as listed; what else there is may come all the same.</summary>
/// <param name="reason">In words of ours: what the server says of it is not trusted with a line.</param>
/// <param name="inner">What went wrong.</param>
internal sealed class NotDeliveredException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>Such a report, as a person is told of it.</summary>
internal sealed record Undelivered(string Id, DateOnly Day, string Reason);
