namespace SecureDrop.Crypto.Archives;

/// <summary>A member as its header names it: 1 to 100 printable ASCII characters, 0 to 8 GiB − 1. A name is compared, never used as a path.</summary>
public readonly record struct ArchiveMember(string Name, long SizeInBytes);
