using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using SecureDrop.Server.Privacy;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

public sealed class ClearingMemoryPoolTests
{
    [Fact]
    public void Block_GivenBack_IsErasedAndLentAgain()
    {
        using var pool = new ClearingMemoryPool();
        var block = pool.Rent();
        Assert.True(MemoryMarshal.TryGetArray<byte>(block.Memory, out var bytes));
        bytes.AsSpan().Fill(0x5A);
        block.Dispose();
        Assert.DoesNotContain((byte)0x5A, bytes.Array!);
        Assert.Throws<ObjectDisposedException>(() => block.Memory);
        using var again = pool.Rent(ClearingMemoryPool.BlockSizeInBytes);
        Assert.True(MemoryMarshal.TryGetArray<byte>(again.Memory, out var same));
        Assert.Same(bytes.Array, same.Array);
        // A second return must not lend one block to two.
        block.Dispose();
        using var other = pool.Rent();
        Assert.True(MemoryMarshal.TryGetArray<byte>(other.Memory, out var different));
        Assert.NotSame(same.Array, different.Array);
    }

    [Fact]
    public void Block_LargerThanTheyAre_IsRefused()
    {
        using var pool = new ClearingMemoryPool();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(ClearingMemoryPool.BlockSizeInBytes + 1));
    }

    [Fact]
    public void WebServer_TakesItsBlocksFromThisPool()
    {
        var app = SecureDrop.Server.Hosting.Application.Build(
            SecureDrop.Server.Options.ListenAddress.Parse("http://127.0.0.1:0"), new HostNames(["localhost"]), 1024, new(16, TimeProvider.System), "test", services => services.AddSingleton(TimeProvider.System), _ => { });
        Assert.IsType<ClearingMemoryPoolFactory>(app.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }
}
