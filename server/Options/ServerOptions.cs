namespace SecureDrop.Server.Options;

/// <summary>All settings, under the configuration section <see cref="Section"/>. Checked whole before anything is opened.</summary>
public sealed class ServerOptions
{
    public const string Section = "SecureDrop";

    public DropOptions Drop { get; init; } = new();
    public MongoOptions Mongo { get; init; } = new();
    public SourceOptions Source { get; init; } = new();
    public ReviewerOptions Reviewer { get; init; } = new();
    public TicketOptions Tickets { get; init; } = new();
    public LimitOptions Limits { get; init; } = new();
    public DeadDropOptions DeadDrop { get; init; } = new();
    public RetentionOptions Retention { get; init; } = new();
}

public sealed class DropOptions
{
    /// <summary>The drop's one folder; empty where the drop is kept in a MongoDB.</summary>
    public string DataDirectory { get; init; } = "";

    /// <summary>The drop key's text (<c>RW…</c>), if the first roster must come from it; else a setup token is printed.</summary>
    public string? DropKey { get; init; }

    /// <summary>Nothing is taken while the disk has less than this free.</summary>
    public int FreeSpaceFloorInMebibytes { get; init; } = 512;
}

/// <summary>A MongoDB that keeps the drop in place of the embedded store, so that several servers can.</summary>
public sealed class MongoOptions
{
    /// <summary><c>mongodb://…</c> or <c>mongodb+srv://…</c>: a secret, since it may hold a password.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>A file that holds it instead, such as one of systemd's credentials.</summary>
    public string? ConnectionStringFile { get; init; }

    /// <summary>The database: one a drop.</summary>
    public string Database { get; init; } = "securedrop";
}

public sealed class SourceOptions
{
    /// <summary><c>http://127.0.0.1:8080</c> or <c>unix:/path</c>.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:8080";

    /// <summary>The names under which the drop is reached; empty: the one in <see cref="Listen"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary><c>https://drop.example.org</c>: the address on the open web, where the drop has one, through a front that speaks TLS.</summary>
    public string? ClearnetOrigin { get; init; }

    /// <summary><c>http://….onion</c>: where Tor Browser is shown the way to from there.</summary>
    public string? OnionOrigin { get; init; }
}

public sealed class ReviewerOptions
{
    public string Listen { get; init; } = "http://127.0.0.1:8081";

    /// <summary>The origin as reviewers dial it, which their logins sign; empty: <see cref="Listen"/>.</summary>
    public string? Origin { get; init; }
}

public sealed class TicketOptions
{
    /// <summary>Leading zero bits asked of a proof of work even when idle.</summary>
    public int LeastDifficulty { get; init; }

    /// <summary>Leading zero bits asked at most, whatever the load. Each bit doubles an honest source's wait as well.</summary>
    public int MostDifficulty { get; init; } = 15;

    /// <summary>Uploads a minute that still count as quiet; at this rate the first work is asked for.</summary>
    public int QuietUploadsPerMinute { get; init; } = 240;
}

public sealed class LimitOptions
{
    /// <summary>Most bytes that one day takes.</summary>
    public int DayInMebibytes { get; init; } = 20_480;

    /// <summary>Most bytes of parts that no commit has made a report of yet.</summary>
    public int UncommittedInMebibytes { get; init; } = 10_240;

    /// <summary>With less than this left above the floor, work is asked for; with an eighth of it, no more attachments are taken.</summary>
    public int NearlyFullInMebibytes { get; init; } = 4096;

    /// <summary>Texts whose bodies are taken in at once.</summary>
    public int TextsAtOnce { get; init; } = 64;

    /// <summary>Parts in flight, of all uploads together: each is held in memory.</summary>
    public int PartsAtOnce { get; init; } = 32;

    /// <summary>Answers under way at once: of the page, of <c>/plain</c>, of the roster and of dead drops, each kind for itself.</summary>
    public int AnswersAtOnce { get; init; } = 256;

    /// <summary>Connections of each listener.</summary>
    public int Connections { get; init; } = 2048;
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
