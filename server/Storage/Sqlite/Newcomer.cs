using System.Runtime.InteropServices;

namespace SecureDrop.Server.Storage.Sqlite;

/// <summary>A text that wants a cell.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Newcomer(StoredId Id, int SizeInBytes);
