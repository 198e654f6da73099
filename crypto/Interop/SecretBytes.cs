using System.Runtime.InteropServices;

namespace SecureDrop.Crypto.Interop;

/// <summary>
/// Secret bytes in libsodium's guarded memory: locked against swapping, left out of core dumps, between guard pages, wiped when
/// disposed or collected. As a <see cref="SafeHandle"/> it is passed to native calls without a copy on the managed heap.
/// </summary>
/// <remarks>libsodium <c>utils.h</c>: <c>sodium_malloc</c>, <c>sodium_free</c>.</remarks>
public sealed class SecretBytes : SafeHandle
{
    private SecretBytes(int sizeInBytes)
        : base(0, ownsHandle: true) => throw new NotSupportedException("Follows.");

    /// <summary>Size in bytes.</summary>
    public int SizeInBytes => throw new NotSupportedException("Follows.");

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Copies bytes into guarded memory; the caller wipes its own.</summary>
    /// <param name="secret">At least one byte.</param>
    /// <returns>The copy; dispose it.</returns>
    public static SecretBytes Copy(ReadOnlySpan<byte> secret) => throw new NotSupportedException("Follows.");

    /// <summary>Random bytes that never were anywhere else.</summary>
    /// <param name="sizeInBytes">At least 1.</param>
    /// <returns>The bytes; dispose them.</returns>
    public static SecretBytes Random(int sizeInBytes) => throw new NotSupportedException("Follows.");

    /// <summary>Copies the secret out. The caller wipes the copy.</summary>
    /// <param name="destination">At least <see cref="SizeInBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    /// <exception cref="ObjectDisposedException">Already wiped.</exception>
    public void CopyTo(Span<byte> destination) => throw new NotSupportedException("Follows.");

    /// <summary>Never the secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(SecretBytes);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => throw new NotSupportedException("Follows.");
}
