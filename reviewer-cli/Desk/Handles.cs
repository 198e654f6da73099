using System.Security.Cryptography;
using System.Text;
using SecureDrop.Reviewer.Desk.Index;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>Short names that can be typed: unique beginnings of ids, as in git.</summary>
internal static class Handles
{
    /// <summary>Shortest beginning that is shown or taken.</summary>
    public const int ShortestLength = 4;

    /// <summary>The length at which the beginnings of all ids differ.</summary>
    public static int UniqueLength(IEnumerable<string> ids)
    {
        string[] sorted = [.. ids.Distinct().Order(StringComparer.Ordinal)];
        int length = ShortestLength;
        for (int i = 1; i < sorted.Length; i++)
        {
            int common = sorted[i].AsSpan().CommonPrefixLength(sorted[i - 1]);
            length = Math.Max(length, common + 1);
        }

        return length;
    }

    /// <summary>A conversation's id: beginning of SHA-256 of its key's text. Hex, as a report's.</summary>
    public static string OfConversation(string signingKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signingKey)))[..32];

    /// <summary>The report of a handle.</summary>
    /// <exception cref="ReviewerException">None, or several.</exception>
    public static ReportEntry Report(InboxIndex index, string handle)
    {
        string typed = handle.Trim().ToLowerInvariant();
        RequireLength(typed, handle);
        ReportEntry[] found = [.. index.Reports.Where(r => r.Id.StartsWith(typed, StringComparison.Ordinal))];
        return found switch
        {
            [var one] => one,
            [] => throw new ReviewerException(ExitCode.NotFound, $"No report on this disk begins with {handle}. `reviewer inbox` lists them."),
            _ => throw new ReviewerException(ExitCode.NotFound,
                $"{found.Length} reports begin with {handle}: {string.Join(", ", found.Take(5).Select(r => r.Id[..UniqueLength(found.Select(f => f.Id))]))}. Type more of it."),
        };
    }

    /// <summary>What is unique by chance today (an empty variable in a script, a slip of a finger) must not choose whom to answer or what to delete.</summary>
    private static void RequireLength(string typed, string handle)
    {
        if (typed.Length < ShortestLength)
        {
            throw new ReviewerException(ExitCode.NotFound, $"“{handle}” is too short: type at least {ShortestLength} characters of what `reviewer inbox` shows.");
        }
    }

    /// <summary>The conversation of a report's or a conversation's handle (<c>c:</c> and a beginning of its id).</summary>
    public static string Conversation(InboxIndex index, string handle)
    {
        string typed = handle.Trim().ToLowerInvariant();
        if (typed.StartsWith("c:", StringComparison.Ordinal))
        {
            RequireLength(typed[2..], handle);
            string[] found = [.. index.Conversations.Keys.Where(k => OfConversation(k).StartsWith(typed[2..], StringComparison.Ordinal))];
            return found is [var one] ? one : throw new ReviewerException(ExitCode.NotFound,
                found.Length == 0 ? $"No conversation begins with {handle}." : $"{found.Length} conversations begin with {handle}. Type more of it.");
        }

        ReportEntry report = Report(index, handle);
        return report.Conversation ?? throw new ReviewerException(ExitCode.BadReport,
            report.Verdict == EntryVerdict.Plain
                ? $"{handle} is a plain file without conversation: nobody can be answered."
                : $"{handle} could not be opened, so nobody can be answered.");
    }
}
