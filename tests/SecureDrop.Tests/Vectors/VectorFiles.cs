using System.Text.Json;
using SecureDrop.Tests.Interop;

namespace SecureDrop.Tests.Vectors;

/// <summary>The files of <c>tests/vectors/</c>, which C# and TypeScript both read.</summary>
internal static class VectorFiles
{
    /// <summary>Path of the folder.</summary>
    internal static string Folder { get; } = Path.Combine(StockProgram.RepositoryRoot, "tests", "vectors");

    /// <summary>The folders that may hold <c>reports.json</c> and <c>replies.json</c>, by who made them.</summary>
    internal static IReadOnlyList<string> Makers { get; } = ["", "own/", "page/"];

    internal static bool Exists(string name) => File.Exists(Path.Combine(Folder, name));

    internal static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    internal static JsonElement Json(string name) => JsonElement.Parse(Bytes(name));

    internal static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    internal static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.GetProperty(name).EnumerateArray();
}
