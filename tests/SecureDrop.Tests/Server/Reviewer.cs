using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Tests.Server;

/// <summary>A reviewer's keys.</summary>
internal sealed class Reviewer : IDisposable
{
    public MinisignKeyPair Signing { get; } = MinisignKeyPair.Generate();
    public MinisignKeyPair Session { get; } = MinisignKeyPair.Generate();
    public HybridIdentity Age { get; } = HybridIdentity.Generate();

    public RosterReviewer Entry(DateOnly lastDay) => new(null, Signing.PublicKey, Session.PublicKey, new RosterRecipient(Age.Recipient, lastDay));

    public void Dispose()
    {
        Signing.Dispose();
        Session.Dispose();
        Age.Dispose();
    }
}
