using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SecureDrop.Crypto.Interop;

/// <summary>
/// Secret bytes in libsodium's guarded memory: locked against swapping, left out of core dumps, between guard pages, wiped when
/// disposed or collected. As a <see cref="SafeHandle"/> it is passed to native calls without a copy on the managed heap.
/// </summary>
/// <remarks>libsodium <c>utils.h</c>: <c>sodium_malloc</c>, <c>sodium_free</c>.</remarks>
public sealed class SecretBytes : SafeHandle
{
    private SecretBytes(int sizeInBytes)
        : base(0, ownsHandle: true)
    {
        LibSodium.EnsureInitialized();
        SizeInBytes = sizeInBytes;
        SetHandle(LibSodium.sodium_malloc((nuint)sizeInBytes));
        if (IsInvalid)
        {
            throw new CryptographicException("No guarded memory left for a secret: raise the limit of locked memory (ulimit -l).");
        }
    }

    /// <summary>Size in bytes.</summary>
    public int SizeInBytes { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Copies bytes into guarded memory; the caller wipes its own.</summary>
    /// <param name="secret">At least one byte.</param>
    /// <returns>The copy; dispose it.</returns>
    /// <exception cref="ArgumentException">No bytes.</exception>
    public static SecretBytes Copy(ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty)
        {
            throw new ArgumentException("A secret has at least one byte.", nameof(secret));
        }

        var copy = new SecretBytes(secret.Length);
        secret.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Random bytes that never were anywhere else.</summary>
    /// <param name="sizeInBytes">At least 1.</param>
    /// <returns>The bytes; dispose them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static SecretBytes Random(int sizeInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeInBytes, 1);
        var random = new SecretBytes(sizeInBytes);
        RandomNumberGenerator.Fill(random.Span);
        return random;
    }

    /// <summary>Copies the secret out. The caller wipes the copy.</summary>
    /// <param name="destination">At least <see cref="SizeInBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    /// <exception cref="ObjectDisposedException">Already wiped.</exception>
    public void CopyTo(Span<byte> destination)
    {
        bool added = false;
        try
        {
            // Held while it is read: another thread's Dispose must not unmap the page below the copy.
            DangerousAddRef(ref added);
            Span.CopyTo(destination);
        }
        finally
        {
            if (added)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(SecretBytes);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSodium.sodium_free(handle);
        return true;
    }

    private unsafe Span<byte> Span => new((void*)handle, SizeInBytes);
}
