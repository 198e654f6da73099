using System.Collections.ObjectModel;

namespace SecureDrop.Crypto.Age;

/// <summary>One recipient stanza of an age header: a type, arguments, and a body that usually holds the wrapped file key.</summary>
/// <remarks>C2SP age, "Recipient stanza": type and arguments are one or more printable ASCII characters (33 to 126) each.</remarks>
public sealed class AgeStanza
{
    /// <summary>Creates a stanza.</summary>
    /// <param name="type">The first argument, which names the kind of recipient.</param>
    /// <param name="arguments">The arguments after the type; may be empty.</param>
    /// <param name="body">The body, of any size; copied.</param>
    /// <exception cref="ArgumentException">Type or an argument is empty or has a character that is not printable ASCII.</exception>
    public AgeStanza(string type, IReadOnlyList<string> arguments, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        RequirePrintable(type, nameof(type));
        foreach (string argument in arguments)
        {
            RequirePrintable(argument, nameof(arguments));
        }

        Type = type;
        Arguments = new ReadOnlyCollection<string>([.. arguments]);
        Body = body.ToArray();
    }

    /// <summary>The kind of recipient, for example <c>mlkem768x25519</c>.</summary>
    public string Type { get; }

    /// <summary>The arguments after the type.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>The decoded body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    private static void RequirePrintable(string text, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameterName);
        if (text.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e'))
        {
            throw new ArgumentException("A stanza's type and arguments are printable ASCII without spaces.", parameterName);
        }
    }
}
