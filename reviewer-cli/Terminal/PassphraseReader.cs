using System.Text;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>
/// Asks for the passphrase without echo, or reads it from the file that <c>SECUREDROP_PASSPHRASE_FILE</c> names (first line). Never
/// from an argument or an environment variable: both can be read by other programs.
/// </summary>
public sealed class PassphraseReader(Screen screen, Func<string, string?> environment, Func<string, char[]?>? readWithoutEcho = null)
{
    /// <summary>The variable that names the file.</summary>
    public const string FileVariable = "SECUREDROP_PASSPHRASE_FILE";

    private readonly Func<string, char[]?> _readWithoutEcho = readWithoutEcho ?? NoEcho.ReadLine;

    /// <summary>The passphrase of something that exists, as UTF-8. The caller clears it.</summary>
    /// <exception cref="ReviewerException">Nobody to ask, or the file cannot be read.</exception>
    public byte[] Read(string what)
    {
        if (environment(FileVariable) is { Length: > 0 } path)
        {
            return FromFile(path);
        }

        return Ask($"Passphrase of {what}: ");
    }

    /// <summary>A new passphrase, asked twice.</summary>
    /// <exception cref="ReviewerException">Nobody to ask, nothing typed, or two different ones.</exception>
    public byte[] ReadNew(string what)
    {
        if (environment(FileVariable) is { Length: > 0 } path)
        {
            return FromFile(path);
        }

        for (int attempt = 0; attempt < 3; attempt++)
        {
            byte[] first = Ask($"New passphrase for {what}: ");
            byte[] second = Ask("The same once more: ");
            bool same = first.AsSpan().SequenceEqual(second);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(second);
            if (same && first.Length > 0)
            {
                return first;
            }

            System.Security.Cryptography.CryptographicOperations.ZeroMemory(first);
            if (same)
            {
                screen.Note($"An empty passphrase protects nothing. Again:");
            }
            else
            {
                screen.Note($"The two differ. Again:");
            }
        }

        throw new ReviewerException(ExitCode.BadInput, "No passphrase was set, so nothing was made. Run the command again.");
    }

    private byte[] Ask(string prompt)
    {
        if (!screen.CanAsk)
        {
            throw new ReviewerException(ExitCode.NobodyToAsk,
                $"The passphrase is needed and nobody can be asked. Put it into a file only you can read and name it in {FileVariable}.");
        }

        char[] typed = _readWithoutEcho(prompt)
            ?? throw new ReviewerException(ExitCode.Interrupted, "No passphrase was given; nothing was changed.");
        byte[] bytes = Encoding.UTF8.GetBytes(typed);
        Array.Clear(typed);
        return bytes;
    }

    private static byte[] FromFile(string path)
    {
        byte[] all;
        try
        {
            all = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.BadInput, $"The passphrase file {path} ({FileVariable}) cannot be read.", e);
        }

        ReadOnlySpan<byte> line = all;
        int end = line.IndexOf((byte)'\n');
        line = end < 0 ? line : line[..end];
        line = line is [.., (byte)'\r'] ? line[..^1] : line;
        byte[] passphrase = line.ToArray();
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(all);
        return passphrase.Length > 0
            ? passphrase
            : throw new ReviewerException(ExitCode.BadInput, $"The first line of the passphrase file {path} ({FileVariable}) is empty.");
    }
}
