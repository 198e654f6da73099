namespace SecureDrop.Server.Options;

/// <summary>All settings, under the configuration section <see cref="Section"/>. Checked whole before anything is opened.</summary>
public sealed class ServerOptions
{
    public const string Section = "SecureDrop";

    public DropOptions Drop { get; init; } = new();
    public SourceOptions Source { get; init; } = new();
    public ReviewerOptions Reviewer { get; init; } = new();
    public TicketOptions Tickets { get; init; } = new();
    public DeadDropOptions DeadDrop { get; init; } = new();
    public RetentionOptions Retention { get; init; } = new();
}

public sealed class DropOptions
{
    /// <summary>The drop's one folder.</summary>
    public string DataDirectory { get; init; } = "";

    /// <summary>The drop key's text (<c>RW…</c>), if the first roster must come from it; else a setup token is printed.</summary>
    public string? DropKey { get; init; }

    /// <summary>Nothing is taken while the disk has less than this free.</summary>
    public int FreeSpaceFloorInMebibytes { get; init; } = 512;
}

public sealed class SourceOptions
{
    /// <summary><c>http://127.0.0.1:8080</c> or <c>unix:/path</c>.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:8080";

    /// <summary>The names under which the drop is reached; empty: the one in <see cref="Listen"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}

public sealed class ReviewerOptions
{
    public string Listen { get; init; } = "http://127.0.0.1:8081";

    /// <summary>The origin as reviewers dial it, which their logins sign; empty: <see cref="Listen"/>.</summary>
    public string? Origin { get; init; }
}

public sealed class TicketOptions
{
    /// <summary>Leading zero bits asked of a proof of work.</summary>
    public int Difficulty { get; init; }
}

public sealed class DeadDropOptions
{
    /// <summary>For demonstrations: replies are out at once, and whoever polls sees when reviewers work.</summary>
    public bool PublishAtOnce { get; init; }
}

public sealed class RetentionOptions
{
    public int ReportDays { get; init; } = 90;
    public int DeadDropDays { get; init; } = 30;
}
