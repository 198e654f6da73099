using System.Text.Json.Serialization;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;

namespace SecureDrop.Reviewer.Commands;

// What --json prints, one document a command. Members are only ever added: scripts read them.
internal sealed record InitOutput(string Home, string Link, string DropKey, long RosterVersion, string DropKeyFile, string Server);

internal sealed record CardOutput(string Home, string Fingerprint, string Name, string SigningKey, string SessionKey, string Recipient);

internal sealed record SyncOutput(int New, int FollowUps, int Marked, long FetchedBytes, int IdentitiesDestroyed, BatchResult? Batch,
    IReadOnlyList<string> Alarms, IReadOnlyList<string> GoneDays, string? RosterProblem, IReadOnlyList<UndeliveredOutput> Undelivered);

internal sealed record UndeliveredOutput(string Id, string Day, string Reason);

internal sealed record InboxOutput(IReadOnlyList<InboxLine> Reports);

internal sealed record AttachmentOutput(int Number, string Name, string Type, long Bytes, string Sha256OfPieceDigests, bool Scrubbed, string? Path);

internal sealed record ReplyShown(string Day, string Kind, bool Mine, string Signer, string Message, int PartsMissing, bool GivenUp);

internal sealed record OpenOutput(string? Handle, string? Id, string Verdict, string? Kind, string? Day, int Recipients, int Message,
    IReadOnlyList<string> Alarms, string? Conversation, string? Language, string? Category, IReadOnlyDictionary<string, string>? Answers,
    string? Text, string? Contact, bool Reward, IReadOnlyList<AttachmentOutput> Attachments, IReadOnlyList<ReplyShown> Replies, bool ReceiptQueued);

internal sealed record ReplyOutput(string Conversation, string Kind, int Parts, bool Posted, int Waiting);

internal sealed record DeleteOutput(IReadOnlyList<string> Deleted);

internal sealed record StatusOutput(DeskStatus Desk, ServerOutput? Server, string? ServerProblem);

internal sealed record ServerOutput(string Day, bool SetUp, bool PublishAtOnce, int ShardBits, IReadOnlyList<string> Warnings);

internal sealed record RenewOutput(long Serial, DateOnly FirstDay, DateOnly LastDay, bool Published, string? Undone = null);

internal sealed record RosterReviewerOutput(string Name, string SigningKey, string? SealedToUntil, bool You);

internal sealed record RosterOutput(string DropKey, string Link, string Name, long Version, DateOnly Issued, DateOnly Expires, bool Closed,
    IReadOnlyList<RosterReviewerOutput> Reviewers, IReadOnlyList<string> Alarms, string? CheckedAgainst);

internal sealed record DoneOutput(string Done);

internal sealed record DayEndOutput(string Day, string EndsOn);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InitOutput))]
[JsonSerializable(typeof(CardOutput))]
[JsonSerializable(typeof(SyncOutput))]
[JsonSerializable(typeof(InboxOutput))]
[JsonSerializable(typeof(OpenOutput))]
[JsonSerializable(typeof(ReplyOutput))]
[JsonSerializable(typeof(DeleteOutput))]
[JsonSerializable(typeof(StatusOutput))]
[JsonSerializable(typeof(RenewOutput))]
[JsonSerializable(typeof(RosterOutput))]
[JsonSerializable(typeof(DoneOutput))]
[JsonSerializable(typeof(DayEndOutput))]
internal sealed partial class OutputJson : JsonSerializerContext;
