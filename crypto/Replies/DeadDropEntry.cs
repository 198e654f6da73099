namespace SecureDrop.Crypto.Replies;

/// <summary>One entry of a batch.</summary>
/// <param name="Shard">The dead drop of the day it belongs to, 0 to 2^shardBits − 1.</param>
/// <param name="Slot"><see cref="DeadDropSlot.SizeInBytes"/> bytes.</param>
/// <param name="Copy">An age file to the roster.</param>
public sealed record DeadDropEntry(ushort Shard, ReadOnlyMemory<byte> Slot, ReadOnlyMemory<byte> Copy);
