using SecureDrop.Crypto.Interop;
using Xunit;

namespace SecureDrop.Tests.Interop;

public sealed class SecretBytesTests
{
    [Fact]
    public void Copy_CopiedOut_IsTheSecret()
    {
        using SecretBytes secret = SecretBytes.Copy([1, 2, 3]);
        byte[] copy = new byte[3];
        secret.CopyTo(copy);
        Assert.Equal([1, 2, 3], copy);
        Assert.Equal(3, secret.SizeInBytes);
        Assert.Throws<ArgumentException>(() => secret.CopyTo(new byte[2]));
    }

    [Fact]
    public void Random_Twice_Differs()
    {
        byte[] first = new byte[32];
        byte[] second = new byte[32];
        using SecretBytes one = SecretBytes.Random(32);
        using SecretBytes other = SecretBytes.Random(32);
        one.CopyTo(first);
        other.CopyTo(second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void CopyTo_AfterDispose_IsRefused()
    {
        SecretBytes secret = SecretBytes.Random(8);
        secret.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.CopyTo(new byte[8]));
    }

    [Fact]
    public void XWing_BuffersOfAnotherSize_NeverReachTheNativeLibrary()
    {
        using SecretBytes seed = SecretBytes.Random(XWing.SeedSizeInBytes);
        using SecretBytes shortSeed = SecretBytes.Random(31);
        Assert.Throws<ArgumentException>(() => XWing.ComputePublicKey(seed, new byte[1215]));
        Assert.Throws<ArgumentException>(() => XWing.ComputePublicKey(shortSeed, new byte[1216]));
        Assert.Throws<ArgumentException>(() => XWing.TryDecapsulate(seed, new byte[1119], new byte[32]));
        Assert.Throws<ArgumentException>(() => XWing.TryEncapsulate(new byte[1216], new byte[1121], new byte[32]));
        XWing.RequireNativeSizes();
    }
}
