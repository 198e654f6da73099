using System.Collections;
using System.Globalization;
using System.Reflection;

namespace SecureDrop.Server.Options;

/// <summary>
/// Judges the shape of what was set before it is bound: a misspelt key, a word where a number belongs, a value where a list
/// belongs. A setting that silently does nothing is worse than none.
/// </summary>
internal static class SettingShapes
{
    /// <summary>Every setting there is: its key under the section, its type and its default.</summary>
    public static IEnumerable<(string Key, Type Type, object? Default)> All(object defaults, string prefix = "")
    {
        foreach (var property in defaults.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(defaults);
            if (!IsGroup(property.PropertyType))
                yield return (prefix + property.Name, property.PropertyType, value);
            else
            {
                foreach (var setting in All(value!, prefix + property.Name + ":"))
                    yield return setting;
            }
        }
    }

    /// <summary>One sentence for each key that cannot be read, naming it.</summary>
    public static IEnumerable<string> Problems(IConfigurationSection section, Type type)
    {
        if (section.Value is not null)
            yield return $"{section.Path} is a group of settings and takes no value of its own.";
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            var problems = property is null ? [$"{child.Path} is not a setting of this server."]
                : IsGroup(property.PropertyType) ? Problems(child, property.PropertyType)
                : Problem(child, property.PropertyType) is { } problem ? [problem] : [];
            foreach (var found in problems)
                yield return found;
        }
    }

    private static string? Problem(IConfigurationSection setting, Type type)
    {
        if (IsList(type))
        {
            // An empty list in a file of JSON comes as an empty value.
            return string.IsNullOrEmpty(setting.Value) && setting.GetChildren().All(item => item.Value is not null && IsIndex(item.Key)) ? null
                : $"{setting.Path} is a list: write {setting.Path}:0, {setting.Path}:1 and so on.";
        }
        if (setting.GetChildren().Any())
            return $"{setting.Path} is one setting, neither a group nor a list.";
        if (type == typeof(int) && !int.TryParse(setting.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return $"{setting.Path} must be a whole number.";
        if (type == typeof(bool) && !bool.TryParse(setting.Value, out _))
            return $"{setting.Path} must be true or false.";
        return null;
    }

    private static bool IsIndex(string key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsGroup(Type type) => type.Namespace == typeof(ServerOptions).Namespace;

    private static bool IsList(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable));
}
