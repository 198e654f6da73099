using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SecureDrop.Tests.Server.Backups;

/// <summary>A drop that runs and a backup of it, made once for the tests of a class, which change neither.</summary>
public sealed class MadeBackup : IAsyncLifetime
{
    internal LivedDrop Lived { get; private set; } = null!;

    /// <summary>The folder of the backup.</summary>
    internal string Backup { get; private set; } = null!;

    /// <summary>A clock of a test's own, so many days after the drop's.</summary>
    internal FakeTimeProvider Clock(int daysLater = 0) => new(Lived.Drop.Time.GetUtcNow().AddDays(daysLater));

    public async ValueTask InitializeAsync()
    {
        Lived = await LivedDrop.StartAsync();
        Backup = await Lived.BackUpAsync();
    }

    public ValueTask DisposeAsync() => Lived.DisposeAsync();
}
