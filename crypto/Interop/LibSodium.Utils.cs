using System.Runtime.InteropServices;

namespace SecureDrop.Crypto.Interop;

/// <remarks>libsodium <c>utils.h</c>: guarded memory.</remarks>
internal static partial class LibSodium
{
    [LibraryImport(Library)]
    internal static partial nint sodium_malloc(nuint size);

    [LibraryImport(Library)]
    internal static partial void sodium_free(nint memory);
}
