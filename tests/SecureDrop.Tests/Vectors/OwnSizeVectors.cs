using System.Text.Json.Nodes;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Reports;

namespace SecureDrop.Tests.Vectors;

/// <summary>The sizes of <see cref="OwnVectorWriter"/>: every class with its edges, and age files.</summary>
internal static class OwnSizeVectors
{
    internal static JsonObject Write()
    {
        IEnumerable<long> archives = SizeClass.All.SelectMany(size => new[] { size - 1, size, size + 1 }).Where(bytes => bytes <= SizeClass.LargestInBytes).Prepend(0);
        long[] plaintexts = [0, 1, 8192, 65_535, 65_537, 131_072, 131_073, .. SizeClass.All];
        return new JsonObject
        {
            ["classes"] = new JsonArray([.. archives.Select(bytes => (JsonNode)new JsonObject { ["bytes"] = bytes, ["class"] = SizeClass.For(bytes) })]),
            ["age"] = new JsonArray([.. from recipients in new[] { 1, 3, 64 }
                                        from plain in plaintexts
                                        select (JsonNode)new JsonObject { ["recipients"] = recipients, ["plain"] = plain, ["sealed"] = AgeSizes.SealedSizeInBytes(recipients, plain) }]),
        };
    }
}
