using SecureDrop.Server.Storage;
using SecureDrop.Tests.Contracts;

namespace SecureDrop.Tests.Server.Storage;

public sealed class MemorySessionStoreTests : SessionStoreContract
{
    protected override ISessionStore Store { get; } = new MemorySessionStore();
}
