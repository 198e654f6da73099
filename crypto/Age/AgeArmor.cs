namespace SecureDrop.Crypto.Age;

/// <summary>ASCII armor around an age file: strict PEM (RFC 7468, figure 3), label <c>AGE ENCRYPTED FILE</c>.</summary>
/// <remarks>C2SP age, "ASCII armor". Armor is malleable where its reader is lenient: apart from LF or CRLF and blank lines around it, one spelling is read.</remarks>
public static class AgeArmor
{
    /// <summary>The first line.</summary>
    public const string BeginLine = "-----BEGIN AGE ENCRYPTED FILE-----";

    /// <summary>The last line.</summary>
    public const string EndLine = "-----END AGE ENCRYPTED FILE-----";

    /// <summary>Characters of a full line.</summary>
    internal const int LineLength = 64;

    /// <summary>Bytes of a full line.</summary>
    internal const int BytesPerLine = 48;

    /// <summary>A stream that decodes armor while it is read, and checks all of it before it reports its end.</summary>
    /// <param name="armored">The armored text.</param>
    /// <param name="leaveOpen">Whether <paramref name="armored"/> stays open when the returned stream is disposed.</param>
    /// <returns>A read-only stream of the bytes within; throws <see cref="AgeFormatException"/> of class <see cref="AgeFailure.Armor"/>.</returns>
    public static Stream OpenReader(Stream armored, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(armored);
        return new ArmorReadStream(armored, leaveOpen);
    }

    /// <summary>A stream that armors what is written to it. The last line is written by <see cref="ArmorWriteStream.Complete"/>, never by disposing.</summary>
    /// <param name="destination">Where the text goes.</param>
    /// <param name="leaveOpen">Whether <paramref name="destination"/> stays open when the returned stream is disposed.</param>
    /// <returns>A write-only stream.</returns>
    public static ArmorWriteStream OpenWriter(Stream destination, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return new ArmorWriteStream(destination, leaveOpen);
    }
}
