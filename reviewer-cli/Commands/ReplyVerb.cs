using System.CommandLine;
using System.Text;
using SecureDrop.Crypto.Replies;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>reply</c>: answers a source.</summary>
internal sealed class ReplyVerb : Verb
{
    private const int LongestInBytes = 4 * 1024 * 1024;

    private readonly Argument<string> _report = new("report") { Description = "A report's handle, or a conversation's (c:…).", HelpName = "REPORT" };

    private readonly Argument<string> _text = new("text")
    {
        Description = "A file with the text, or - for standard input (else $EDITOR).", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _kind = new("--kind") { Description = "message (else), reward or closed.", HelpName = "KIND" };

    public ReplyVerb(Surroundings around)
        : base(around, "reply", "Answers the source of a report. The answer is out when the day has ended.",
            "reviewer reply 3f9a", "reviewer reply 3f9a answer.txt", "echo \"Thank you. Which month was it?\" | reviewer reply 3f9a -",
            "reviewer reply c:81d0 --kind closed")
    {
        _kind.AcceptOnlyFromAmong(ReplyKind.Message, ReplyKind.Reward, ReplyKind.Closed);
        Add(_report);
        Add(_text);
        Add(_kind);
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel) => call.WithHomeAsync(async home =>
    {
        string kind = call.Value(_kind) ?? ReplyKind.Message;
        string conversation = Handles.Conversation(home.Index, call.Parsed.GetRequiredValue(_report));
        Roster roster = new RosterKnowledge(home).Newest()
            ?? throw new ReviewerException(ExitCode.BadInput, "No roster is known here yet: `reviewer sync` first. Nothing was sent.");
        (int parts, bool wereThere) = (0, false);
        await ReadTextAsync(call, text =>
        {
            if (string.IsNullOrWhiteSpace(text) && kind == ReplyKind.Message)
            {
                throw new ReviewerException(ExitCode.Declined, "The answer is empty; nothing was sent.");
            }

            (parts, wereThere) = new ReplyOutbox(home).Queue(conversation, kind, text, roster.DropKey);
            // On disk before the network is tried: whatever breaks now, the words are not lost.
            home.SaveIndex();
        }, cancel);
        if (wereThere)
        {
            call.Screen.Note($"This answer is on its way already; it is sent once.");
        }

        BatchResult batch;
        bool hadAlarm;
        try
        {
            (batch, hadAlarm) = await Posting.PostAsync(call, home, cancel);
            call.Screen.Line($"Sealed{(parts > 1 ? $" in {parts} parts" : "")}. {SyncVerb.Words(batch)}");
        }
        catch (ReviewerException e)
        {
            call.Screen.Note($"reviewer: {e.Message}");
            call.Screen.Note($"The answer is kept and goes out with the next `reviewer sync`.");
            call.Screen.Json(Output(conversation, kind, parts, null), OutputJson.Default.ReplyOutput);
            return e.ExitCode;
        }

        call.Screen.Json(Output(conversation, kind, parts, batch), OutputJson.Default.ReplyOutput);
        return hadAlarm ? ExitCode.Alarm : ExitCode.Ok;
    });

    private static ReplyOutput Output(string conversation, string kind, int parts, BatchResult? batch) =>
        new("c:" + Handles.OfConversation(conversation)[..8], kind, parts, batch?.Posted ?? false, batch?.Waiting ?? parts);

    private async Task ReadTextAsync(Invocation call, Action<string> take, CancellationToken cancel)
    {
        string? from = call.Parsed.GetValue(_text);
        if (from is null)
        {
            if (!call.Screen.CanAsk)
            {
                throw new ReviewerException(ExitCode.NobodyToAsk, "Nobody can write here: give the text as a file, or - for standard input.");
            }

            using IDisposable? left = call.Around.Interrupts?.LeaveKeyboard();
            await TextEditor.WriteAsync("Your answer. Lines that begin so are not sent.\nIt is sealed to this source alone; the other reviewers get a copy.",
                call.Environment, take, cancel);
            return;
        }

        byte[] bytes;
        try
        {
            await using Stream stream = from == "-" ? call.Streams.OpenInput() : File.OpenRead(from);
            using MemoryStream all = new();
            byte[] buffer = new byte[65_536];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancel)) > 0)
            {
                all.Write(buffer, 0, read);
                if (all.Length > LongestInBytes)
                {
                    throw new ReviewerException(ExitCode.BadInput, $"The text is longer than {ByteCount.Text(LongestInBytes)}; nothing was sent.");
                }
            }

            bytes = all.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.NotFound, $"{from} cannot be read; nothing was sent.", e);
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ReviewerException(ExitCode.BadInput, "The text is not UTF-8; nothing was sent.", e);
        }

        take(text.TrimStart('\uFEFF').Trim('\r', '\n'));
    }
}
