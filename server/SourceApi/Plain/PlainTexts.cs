namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>
/// The sentences of the page, in one language. Both languages are on every page, one after the other: which one somebody reads is
/// never sent, so it cannot be kept. They say the same.
/// </summary>
internal abstract class PlainTexts
{
    public static readonly IReadOnlyList<PlainTexts> All = [new PlainEnglish(), new PlainChinese()];

    /// <summary>BCP 47, as in the roster's texts.</summary>
    public abstract string Language { get; }
    public abstract string OwnName { get; }

    public abstract string Title { get; }
    public abstract string Lead { get; }
    public abstract string Ordinary { get; }
    public abstract string BeforeTitle { get; }
    public abstract IReadOnlyList<string> Before { get; }

    public abstract string ReadersTitle { get; }
    public abstract string Readers(int able, int all);
    public abstract string Unnamed { get; }
    public abstract string CannotRead { get; }

    public abstract string KeyTitle { get; }
    public abstract string Key { get; }

    public abstract string StepsTitle { get; }
    public abstract string Needs { get; }
    public abstract string Folder { get; }
    public abstract string Pack { get; }
    public abstract string Pad { get; }
    public abstract string PadLarger { get; }
    public abstract string Recipients { get; }
    public abstract string Seal { get; }
    public abstract string SendTitle { get; }
    public abstract string Send { get; }
    public abstract string Label { get; }
    public abstract string Button { get; }

    public abstract string ClosedTitle { get; }
    public abstract string Expired(string day);
    public abstract string Nobody { get; }

    public abstract string ChannelsTitle { get; }
    public abstract string ChannelsHint { get; }
    public abstract string KindOf(string channel);
    public abstract string NoticesTitle { get; }

    public abstract string ArrivedTitle { get; }
    public abstract IReadOnlyList<string> Arrived { get; }

    public abstract string NotSentTitle { get; }
    public abstract string NoPageTitle { get; }
    public abstract string Back { get; }

    /// <summary>What is wrong, and what to do.</summary>
    public abstract IReadOnlyList<string> Of(PlainFault fault);
}
