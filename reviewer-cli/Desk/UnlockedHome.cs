using SecureDrop.Crypto.Interop;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>A home directory whose keystore is open, held against other commands until disposed.</summary>
internal sealed class UnlockedHome : IDisposable
{
    private const string IndexRemedy =
        "Move it away and run `reviewer sync`: it reads the reports on this disk again (what was answered is learned from the server).";

    private readonly PassphraseFile _file;
    private readonly SecretBytes _passphrase;
    private readonly HomeLock _held;
    private InboxIndex? _index;

    private UnlockedHome(HomeDirectory home, PassphraseFile file, SecretBytes passphrase, ReviewerKeys keys, TimeProvider clock, HomeLock held)
    {
        Home = home;
        _file = file;
        _passphrase = passphrase;
        Keys = keys;
        Clock = clock;
        _held = held;
        Settings = Settings.Read(home);
    }

    public HomeDirectory Home { get; }

    public ReviewerKeys Keys { get; }

    public Settings Settings { get; }

    public TimeProvider Clock { get; }

    public InboxIndex Index => _index ??=
        OwnSealedFile.Read(Home.Index, IndexJson.Default.InboxIndex, Keys.Own, IndexRemedy) ?? new InboxIndex();

    public static UnlockedHome Open(HomeDirectory home, PassphraseFile file, ReadOnlySpan<byte> passphrase, TimeProvider clock, HomeLock held)
    {
        ReviewerKeys keys = new KeystoreFile(home, file).Read(passphrase);
        UnlockedHome unlocked = new(home, file, SecretBytes.Copy(passphrase), keys, clock, held);
        unlocked.RemoveLeftovers();
        return unlocked;
    }

    /// <summary>Drops what was not saved and reads the index from the disk again: after a failure half-made changes must not be kept.</summary>
    public void ForgetChanges() => _index = null;

    public void SaveIndex() => OwnSealedFile.Write(Home.Index, Index, IndexJson.Default.InboxIndex, Keys.Own.Recipient);

    /// <summary>Seals the keystore again under the same passphrase.</summary>
    public void SaveKeys()
    {
        byte[] passphrase = new byte[_passphrase.SizeInBytes];
        _passphrase.CopyTo(passphrase);
        try
        {
            new KeystoreFile(Home, _file).Write(Keys, passphrase, overwrite: true);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    /// <summary>What a process that was killed left half done. Nobody else is at it: the home is held.</summary>
    private void RemoveLeftovers()
    {
        try
        {
            OutFolder.RemoveLeftovers(this);
            foreach (string unfinished in Directory.EnumerateFiles(Home.Path, "*" + AtomicFile.UnfinishedSuffix))
            {
                File.Delete(unfinished);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that cannot be written: reading must be possible all the same.
        }
    }

    public void Dispose()
    {
        Keys.Dispose();
        _passphrase.Dispose();
        _held.Dispose();
    }
}
