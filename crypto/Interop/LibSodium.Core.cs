using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureDrop.Crypto.Interop;

/// <summary>The few functions of libsodium that NSec does not expose; NSec brings the native library itself. One file per native header.</summary>
/// <remarks>libsodium <c>core.h</c>.</remarks>
internal static partial class LibSodium
{
    private const string Library = "libsodium";

    static LibSodium()
    {
        // Without sodium_init the random generator and the choice of implementations are not ready. It is safe to call again (NSec does).
        if (sodium_init() < 0)
        {
            throw new InvalidOperationException("libsodium could not be initialised.");
        }

        XWing.RequireNativeSizes();
    }

    /// <summary>Runs the type's initialiser, once, before the first native call of a caller that cannot wait for it.</summary>
    internal static void EnsureInitialized() => RuntimeHelpers.RunClassConstructor(typeof(LibSodium).TypeHandle);

    [LibraryImport(Library)]
    private static partial int sodium_init();
}
