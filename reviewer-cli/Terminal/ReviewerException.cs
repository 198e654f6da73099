namespace SecureDrop.Reviewer.Terminal;

/// <summary>A failure that a reviewer can understand: one sentence (what happened, what it means, what to do) and its exit code.</summary>
public class ReviewerException(ExitCode exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
