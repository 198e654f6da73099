namespace SecureDrop.Crypto.Age;

/// <summary>
/// Bytes that are not the age file they should be. Only ever about the data that was read, which an attacker may have written;
/// a mistake of the calling code is an <see cref="ArgumentException"/> or <see cref="InvalidOperationException"/>.
/// The message never repeats bytes of the file.
/// </summary>
public sealed class AgeFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Where the file failed.</param>
    /// <param name="message">One sentence that names what is wrong.</param>
    public AgeFormatException(AgeFailure failure, string message)
        : base(message) => Failure = failure;

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="failure">Where the file failed.</param>
    /// <param name="message">One sentence that names what is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public AgeFormatException(AgeFailure failure, string message, Exception innerException)
        : base(message, innerException) => Failure = failure;

    /// <summary>Where the file failed.</summary>
    public AgeFailure Failure { get; }
}
