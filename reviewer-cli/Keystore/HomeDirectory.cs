using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>The reviewer's folder (0700) and the names in it.</summary>
public sealed class HomeDirectory(string path)
{
    /// <summary>The variable that names the folder where <c>--home</c> does not.</summary>
    public const string Variable = "SECUREDROP_HOME";

    /// <summary>End of the name of a signature beside what it signs.</summary>
    public const string SignatureSuffix = ".minisig";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The reviewer's secrets, sealed with the passphrase.</summary>
    public string Keystore => In("keystore.age");

    /// <summary>What the inbox shows, sealed to a key of the keystore.</summary>
    public string Index => In("index.age");

    /// <summary>Server address and choices; nothing secret, nothing trusted.</summary>
    public string Settings => In("settings.json");

    /// <summary>The drop key where <c>init</c> put it; better carried away on a stick.</summary>
    public string DropKey => In("drop-key.age");

    /// <summary>What the next roster will say, for people to edit.</summary>
    public string RosterDraft => In("roster-draft.jsonc");

    /// <summary>Who the next roster will name.</summary>
    public string Members => In("roster-members.json");

    /// <summary>The signed roster, with <c>.minisig</c> beside it.</summary>
    public string Roster => In("roster.json");

    public string RosterSignature => Roster + SignatureSuffix;

    public string Successors => In("successors.json");

    /// <summary>Reports as they came, a folder a day.</summary>
    public string Reports => In("reports");

    /// <summary>Names the folder in which a report is being written, sealed to a key of the keystore; gone when it is complete.</summary>
    public string Opening => In("opening.age");

    public string Lock => In("lock");

    public string Report(DateOnly day, string storedId) => System.IO.Path.Combine(Reports, Days.Text(day), storedId + ".age");

    /// <summary><c>--home</c>, else the variable, else the user's data folder.</summary>
    public static HomeDirectory Choose(string? option, Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(option))
        {
            return new HomeDirectory(option);
        }

        return environment(Variable) is { Length: > 0 } path
            ? new HomeDirectory(path)
            : new HomeDirectory(System.IO.Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "securedrop-reviewer"));
    }

    /// <summary>Makes the folder, or takes away what others may do in it.</summary>
    public void Create() => CreatePrivate(Path);

    /// <summary>A folder only its owner may enter.</summary>
    public static void CreatePrivate(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
                return;
            }

            Directory.CreateDirectory(path, OwnerOnly);
            if (File.GetUnixFileMode(path) != OwnerOnly)
            {
                File.SetUnixFileMode(path, OwnerOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(e, path);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
