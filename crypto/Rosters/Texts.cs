using System.Text.Json;
using SecureDrop.Crypto.Json;

namespace SecureDrop.Crypto.Rosters;

/// <summary>Texts per language: <c>{"en": …, "zh-Hans": …}</c>, at least one.</summary>
internal static class Texts
{
    public static IReadOnlyDictionary<string, string> RequireTexts(StrictObject json, string name)
    {
        IReadOnlyDictionary<string, string> texts = json.RequireTextMap(name);
        return texts.Count > 0 ? texts : throw json.Error(name, "has no text in any language");
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> texts)
    {
        json.WriteStartObject(name);
        foreach ((string language, string text) in texts.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            json.WriteString(language, text);
        }
        json.WriteEndObject();
    }
}
