using System.Text.Json;

namespace SecureDrop.Tests.Vectors;

/// <summary>Files of <c>tests/vectors</c>.</summary>
internal static class VectorFile
{
    public static string PathOf(string name) => Path.Combine(Interop.StockProgram.RepositoryRoot, "tests", "vectors", name);

    public static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllBytes(PathOf(name))).RootElement;

    public static string Text(this JsonElement e, string name) => e.GetProperty(name).GetString()!;

    public static IEnumerable<JsonElement> Items(this JsonElement e, string name) => e.GetProperty(name).EnumerateArray();
}
