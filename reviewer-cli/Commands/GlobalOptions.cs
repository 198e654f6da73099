using System.CommandLine;

namespace SecureDrop.Reviewer.Commands;

/// <summary>Options of every verb.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string> Home = new("--home")
    {
        Description = "The reviewer's folder (else SECUREDROP_HOME, else the user's data folder).",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON document on standard output; words go to standard error.",
        Recursive = true,
    };

    public static readonly Option<bool> Yes = new("--yes")
    {
        Description = "Yes to every question.",
        Recursive = true,
    };

    public static readonly Option<string> Proxy = new("--proxy")
    {
        Description = "Reach the server through a proxy, such as Tor's: socks5h://127.0.0.1:9050. Remembered; \"\" forgets it.",
        HelpName = "URL",
        Recursive = true,
    };
}
