using SecureDrop.Crypto.Rosters;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.Rosters;

/// <summary>The status of each reason why a statement is refused; the sentence is the reason's own, for an administrator.</summary>
internal static class RosterRefusals
{
    public static Refusal SetupToken => new(StatusCodes.Status403Forbidden,
        "The first roster needs the setup token that the server printed when it started, or the drop key in its configuration.");

    public static Refusal Of(RosterException exception) => new(Status(exception.Check), exception.Message);

    private static int Status(RosterCheck check) => check switch
    {
        RosterCheck.KeyNumber or RosterCheck.Signature or RosterCheck.Purpose or RosterCheck.Chain or RosterCheck.ChainRepeats
            or RosterCheck.Link or RosterCheck.DropKey or RosterCheck.Reviewer or RosterCheck.Pinned => StatusCodes.Status403Forbidden,
        RosterCheck.Version or RosterCheck.TooMany => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status400BadRequest,
    };
}
