using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk.Rosters;

/// <summary>What vouches for the drop key that a roster leads back to.</summary>
internal enum RosterTrust
{
    /// <summary>Nothing: whoever handed the roster out may have made the key.</summary>
    Nothing,

    /// <summary>The key that the keystore pins.</summary>
    Keystore,

    /// <summary>The key in the drop's link.</summary>
    Link,

    /// <summary>The drop key whose rosters are signed, or were carried, here.</summary>
    Folder,
}

/// <summary>A roster that holds, and how far it could be checked.</summary>
/// <param name="Verified">The roster, and who is sealed to.</param>
/// <param name="Trust">What vouches for its drop key.</param>
/// <param name="IsFromServer">Handed out by a server, so with the keys that reviewers renewed since; else from files.</param>
/// <param name="Alarms">One sentence each; none where no keystore remembers anything.</param>
internal sealed record CheckedRoster(VerifiedRoster Verified, RosterTrust Trust, bool IsFromServer, IReadOnlyList<string> Alarms)
{
    /// <summary>A server's answer, without a keystore: nothing is remembered, so an older roster is not noticed.</summary>
    /// <exception cref="ReviewerException">It does not hold.</exception>
    public static CheckedRoster OfAnswer(byte[] answer, MinisignPublicKey? key, RosterTrust trust, DateOnly today)
    {
        try
        {
            return new CheckedRoster(RosterVerifier.Verify(RosterAnswer.Parse(answer), key, today), key is null ? RosterTrust.Nothing : trust, IsFromServer: true, []);
        }
        catch (RosterException e)
        {
            throw new ReviewerException(ExitCode.RosterRefused, $"The server's roster is refused: {e.Message} Ask whoever holds the drop key.", e);
        }
    }

    /// <summary>Signed files: the roster, its signature beside it as <c>.minisig</c>, and <c>successors.json</c> in the same folder where there are any.</summary>
    /// <exception cref="ReviewerException">Not there, or it does not hold.</exception>
    public static CheckedRoster OfFiles(string path, MinisignPublicKey? key, DateOnly today)
    {
        SignedStatement signed = RosterFiles.Read(path, path + HomeDirectory.SignatureSuffix) ?? throw new ReviewerException(ExitCode.NotFound, File.Exists(path)
            ? $"The signature of {path} is not beside it: {path}{HomeDirectory.SignatureSuffix} is needed to check it."
            : $"There is no roster at {path}. A server's is shown by its address: `reviewer roster show https://drop.example`.");
        try
        {
            RosterAnswer answer = new(Roster.Parse(signed.Statement.Span).DropKey,
                RosterFiles.ReadSuccessors(new HomeDirectory(Path.GetDirectoryName(path)!).Successors), signed, []);
            return new CheckedRoster(RosterVerifier.Verify(answer, key, today), key is null ? RosterTrust.Nothing : RosterTrust.Folder, IsFromServer: false, []);
        }
        catch (RosterException e)
        {
            throw new ReviewerException(ExitCode.Damaged, $"The roster {path} does not hold: {e.Message}", e);
        }
    }
}
