namespace SecureDrop.Server.Privacy;

/// <summary>Every refusal there is, so that two causes that must look alike share one.</summary>
public static class Refusals
{
    public const int BusySeconds = 10;
    public const int FullSeconds = 3600;

    public static Refusal NotFound => new(StatusCodes.Status404NotFound, "There is nothing here.");
    public static Refusal MethodNotAllowed => new(StatusCodes.Status405MethodNotAllowed, "This address does not take this kind of request.");
    public static Refusal NoSuchRange => new(StatusCodes.Status416RangeNotSatisfiable, "The report is shorter than that; ask for a range within it.");
    public static Refusal WrongHost => new(StatusCodes.Status421MisdirectedRequest, "This server does not answer under that name.");
    public static Refusal Malformed => new(StatusCodes.Status400BadRequest, "The request is malformed.");
    public static Refusal TooLarge => new(StatusCodes.Status413PayloadTooLarge, "The body is larger than this address takes.");
    public static Refusal TooSlow => new(StatusCodes.Status408RequestTimeout, "The body took too long to arrive; send it again.");
    public static Refusal Busy => new(StatusCodes.Status503ServiceUnavailable, "The drop is busy; try again in a minute.", BusySeconds);
    public static Refusal StoreAway => new(StatusCodes.Status503ServiceUnavailable, "The drop cannot reach its store just now; try again in a minute.", BusySeconds);

    /// <summary>Trying again helps only once somebody has looked after the server.</summary>
    public static Refusal Fault => new(StatusCodes.Status503ServiceUnavailable, "The drop has a fault; use another way to reach the reviewers, or try again later.", FullSeconds);
    public static Refusal NoRoomForAttachments => new(StatusCodes.Status503ServiceUnavailable, "There is no room for attachments now; send the report without them, use another way to reach the reviewers, or try again later.", FullSeconds);
    public static Refusal Full => new(StatusCodes.Status503ServiceUnavailable, "The drop is full for now; use another way to reach the reviewers, or try again later.", FullSeconds);

    /// <summary>Has a type of its own: the page tells a drop that nobody reads yet from one that is busy.</summary>
    public static Refusal NotSetUp => new(StatusCodes.Status503ServiceUnavailable, "This drop is not set up yet.", FullSeconds, "urn:securedrop:not-set-up");

    /// <summary>Missing, misspelt, foreign, stale, unpaid, of another upload: one refusal for all.</summary>
    public static Refusal Ticket => new(StatusCodes.Status403Forbidden, "The ticket is missing, too old, not paid or not for this upload; ask for a new one.");

    public static Refusal NotOctets => new(StatusCodes.Status400BadRequest, "An upload is sent as application/octet-stream, without any Content-Encoding.");
    public static Refusal NotSealed => new(StatusCodes.Status400BadRequest, "This is not a sealed report, so nothing of it was kept; seal it first.");
    public static Refusal PartLength => new(StatusCodes.Status400BadRequest, "A part has 1 byte to 1 MiB.");
    public static Refusal NotAText => new(StatusCodes.Status400BadRequest, "A report of the smallest class is sent whole, not in parts.");
    public static Refusal Incomplete => new(StatusCodes.Status400BadRequest, "The parts do not add up; ask which have arrived and send the others.");
    public static Refusal OtherBytes => new(StatusCodes.Status409Conflict, "Other bytes are there under this id; start a new upload with a new ticket.");
    public static Refusal NotLoggedIn => new(StatusCodes.Status401Unauthorized, "Log in first: the session is missing, wrong or over.");
    public static Refusal ChallengeRefused => new(StatusCodes.Status403Forbidden, "The login was refused: its challenge, origin, key or signature is not right.");
}
