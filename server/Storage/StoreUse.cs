using System.Runtime.InteropServices;

namespace SecureDrop.Server.Storage;

/// <summary>How much a store holds and has room for, by which an intake is limited.</summary>
/// <param name="DayInBytes">Everything of one day, committed or not.</param>
/// <param name="UncommittedInBytes">Parts of that day which belong to no committed report.</param>
/// <param name="FreeInBytes">What may still be stored before the store answers <see cref="StoreOutcome.Full"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StoreUse(long DayInBytes, long UncommittedInBytes, long FreeInBytes);
