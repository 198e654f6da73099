using System.Text.Json.Serialization;

namespace SecureDrop.Reviewer.Desk.Index;

/// <summary>Everything the reviewer's tool remembers, so that <c>inbox</c> opens no report. Sealed to a key of the keystore.</summary>
internal sealed class InboxIndex
{
    public const string FormatName = "securedrop-index/1";

    public string Format { get; set; } = FormatName;

    /// <summary>Days of the server, oldest first, from the first one ever seen.</summary>
    public SortedDictionary<DateOnly, DayState> Days { get; set; } = [];

    /// <summary>Reports on this disk, in the order they were judged.</summary>
    public List<ReportEntry> Reports { get; set; } = [];

    /// <summary>By the text of the conversation's signing key.</summary>
    public Dictionary<string, ConversationEntry> Conversations { get; set; } = [];

    /// <summary>Reports that passed every check, deleted ones included: SHA-256 of report.json by id. What failed is
    /// remembered neither by bytes nor by id, or broken copies could displace the true one.</summary>
    public Dictionary<string, string> Seen { get; set; } = [];

    /// <summary>Stored ids deleted here, of days that the server still lists.</summary>
    public HashSet<string> Deleted { get; set; } = [];

    /// <summary>Digests of texts and attachments by the conversation that sent them first: the same under another conversation may be
    /// somebody who claims what another told.</summary>
    public Dictionary<string, string> ContentOwners { get; set; } = [];

    /// <summary>Rosters that the drop key signed, oldest first: version, issue day, exact text.</summary>
    public List<KeptStatement> Rosters { get; set; } = [];

    /// <summary>Recipient statements of reviewers that verified.</summary>
    public List<KeptStatement> Recipients { get; set; } = [];

    /// <summary>The latest successors, oldest first.</summary>
    public List<KeptStatement> Successors { get; set; } = [];

    /// <summary>Replies of this reviewer that wait for, or are part of, a day's batch.</summary>
    public List<QueuedPart> Outbox { get; set; } = [];

    /// <summary>Last day a batch was posted.</summary>
    public DateOnly? LastBatch { get; set; }

    /// <summary>Every day up to this one was fetched whole, and nothing can be added to it any more.</summary>
    public DateOnly? CompleteThrough { get; set; }

    /// <summary>Last day a sync ran to its end.</summary>
    public DateOnly? LastSync { get; set; }
}

/// <summary>A statement and its signature, exactly as signed.</summary>
internal sealed record KeptStatement(string Statement, string Signature);

/// <summary>How far a day of the server has been fetched.</summary>
internal sealed class DayState
{
    /// <summary>The last id of the day's stream of texts that has come; null once the stream was read to its end.</summary>
    public string? TextsAfter { get; set; }

    /// <summary>The stream of texts was read to its end once.</summary>
    public bool TextsDone { get; set; }

    /// <summary>Stored ids judged so far, decoys included. Emptied once the day is complete.</summary>
    public HashSet<string> Judged { get; set; } = [];

    /// <summary>Nothing can be added to this day any more and everything was fetched.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The copies of replies of this day were read after the day had ended.</summary>
    public bool CopiesDone { get; set; }

    /// <summary>Somebody with a session ended the day early, to go on this day: said at this desk, and not again.</summary>
    public DateOnly? EndsOn { get; set; }

    /// <summary>The server does not list the day any more: said at this desk, and not again.</summary>
    public bool IsGone { get; set; }
}

/// <summary>What a report is, as far as a list shows it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntryVerdict>))]
internal enum EntryVerdict
{
    /// <summary>Opened and signed by its conversation (alarms are apart).</summary>
    Report,

    /// <summary>One opaque file, unsigned, without conversation.</summary>
    Plain,

    /// <summary>Cannot be opened, or is not what it claims to be.</summary>
    Broken,
}

/// <summary>One report on the disk.</summary>
internal sealed class ReportEntry
{
    /// <summary>The server's stored id: the same for all reviewers and chosen by no source, so nobody can make two handles alike.</summary>
    public required string Id { get; set; }

    /// <summary>Day of arrival.</summary>
    public required DateOnly Day { get; set; }

    public required long SizeInBytes { get; set; }

    public EntryVerdict Verdict { get; set; }

    /// <summary>For a broken one: what is wrong.</summary>
    public string? Problem { get; set; }

    public string? Conversation { get; set; }

    public string? Kind { get; set; }

    public string? ReportId { get; set; }

    public string? ReportDay { get; set; }

    public string? Category { get; set; }

    public string? FirstWords { get; set; }

    public int Attachments { get; set; }

    /// <summary>Recipients it was sealed to, as it came.</summary>
    public int Recipients { get; set; }

    /// <summary>Place among the messages of its conversation, from 1, by order of judging.</summary>
    public int Ordinal { get; set; }

    public List<string> Alarms { get; set; } = [];

    public bool IsOpened { get; set; }

    public bool IsAnswered { get; set; }

    /// <summary>SHA-256 of the recipient by which it was opened, so that an identity is not destroyed under it.</summary>
    public string? OpenedBy { get; set; }
}

/// <summary>A source, as far as one key makes it the same person.</summary>
internal sealed class ConversationEntry
{
    public required string Recipient { get; set; }

    public required string TagKey { get; set; }

    /// <summary>Messages ever seen from it, deleted ones included.</summary>
    public int Messages { get; set; }

    /// <summary>A receipt or an answer was sent, by whomever.</summary>
    public bool IsAcknowledged { get; set; }

    public List<SentReply> Replies { get; set; } = [];
}

/// <summary>A reply to a source, by this reviewer or read in another's copy; given up where it waited longer than a source would take it.</summary>
internal sealed record SentReply(string Signer, string Id, string Day, string Kind, int Part, int Parts, string Message, bool IsMine, bool IsGivenUp = false);

/// <summary>One part of a reply on its way. <see cref="PostedOn"/> is the day of the batch it stands in; it leaves once that day is over.</summary>
internal sealed class QueuedPart
{
    public required string Conversation { get; set; }

    public required string Id { get; set; }

    public required DateOnly Day { get; set; }

    public required int Part { get; set; }

    public required int Parts { get; set; }

    public required string Kind { get; set; }

    public required string Message { get; set; }

    public DateOnly? PostedOn { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(InboxIndex))]
[JsonSerializable(typeof(OpeningNote))]
internal sealed partial class IndexJson : JsonSerializerContext;
