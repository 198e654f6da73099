namespace SecureDrop.Crypto.Json;

/// <summary>
/// Text that is not the JSON this project accepts, or JSON without a member that was asked for, or with one of another type.
/// The message says where (<c>reviewers[2].recipient.lastDay</c>) and what is wrong. It never repeats the text itself: that is an attacker's.
/// </summary>
public sealed class StrictJsonException(string message, Exception? inner = null) : FormatException(message, inner);
