using System.Security.Cryptography;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>
/// The drop key: a stock minisign secret key file inside a stock age file under a passphrase
/// (<c>age -d drop-key.age &gt; drop.key</c> gives what <c>minisign -S</c> takes). Wants to lie on a stick, apart from the keystore.
/// </summary>
internal sealed class DropKeyFile(PassphraseFile file)
{
    public void Write(string path, MinisignKeyPair keys, ReadOnlySpan<byte> passphrase)
    {
        byte[] text = MinisignSecretKeyFile.Write(keys);
        try
        {
            file.Write(path, text, passphrase, overwrite: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <exception cref="ReviewerException">Not there, wrong passphrase, damaged, foreign.</exception>
    public static MinisignKeyPair Read(string path, ReadOnlySpan<byte> passphrase)
    {
        byte[] text = PassphraseFile.Read(path, passphrase, "the drop key");
        try
        {
            return MinisignSecretKeyFile.Read(text);
        }
        catch (FormatException e)
        {
            throw new ReviewerException(ExitCode.Foreign, $"{path} opens with this passphrase but holds no drop key.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
