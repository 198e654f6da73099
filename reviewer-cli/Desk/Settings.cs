using System.Text.Json;
using System.Text.Json.Serialization;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Desk;

/// <summary>Choices of a home directory. Not secret and not trusted: whoever changes them can misdirect a login (which names its
/// server) but cannot move the pinned drop key, which lies in the keystore.</summary>
internal sealed class Settings
{
    /// <summary>Origin of the reviewers' side of the server.</summary>
    public string? Server { get; set; }

    public string? Proxy { get; set; }

    /// <summary>Where sources open the drop, without the key.</summary>
    public string? SourceOrigin { get; set; }

    /// <summary>Whether a source is told by itself that its first report was opened.</summary>
    public bool Receipts { get; set; } = true;

    /// <summary>Slots a day: a multiple of 8, the same whether anybody was answered or not.</summary>
    public int SlotsPerDay { get; set; } = 8;

    public static Settings Read(HomeDirectory home)
    {
        if (!File.Exists(home.Settings))
        {
            return new Settings();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(home.Settings), SettingsJson.Default.Settings) is { SlotsPerDay: > 0 } settings
                && settings.SlotsPerDay % 8 == 0 && settings.SlotsPerDay <= 1024
                ? settings
                : throw new JsonException("slotsPerDay");
        }
        catch (JsonException e)
        {
            throw new ReviewerException(ExitCode.Damaged,
                $"{home.Settings} is not readable ({e.Message}). Mend it, or delete it and give --server again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{home.Settings} cannot be read ({e.Message.TrimEnd('.')}). Is it yours?", e);
        }
    }

    public void Write(HomeDirectory home) =>
        AtomicFile.Write(home.Settings, JsonSerializer.SerializeToUtf8Bytes(this, SettingsJson.Default.Settings));

    public string RequireServer() => Server is { } server
        ? ServerAddress.Origin(server, "\"server\" in settings.json")
        : throw new ReviewerException(ExitCode.BadInput,
            "No server is known yet: `reviewer join LINK --server URL`, or `reviewer roster publish --server URL`.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(Settings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
