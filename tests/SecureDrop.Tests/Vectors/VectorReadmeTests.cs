using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>The table of <c>tests/vectors/README.md</c> names every index of every maker: where one is missing, its tests would pass by having nothing to read.</summary>
public sealed class VectorReadmeTests
{
    [Fact]
    public void Table_OfIndices_IsWhatIsThere()
    {
        string[] makers = ["", "own/", "page/"];
        string[][] rows = [.. File.ReadAllLines(VectorFile.PathOf("README.md"))
            .SkipWhile(line => !line.StartsWith("| index | what it holds |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
        Assert.All(rows, cells => Assert.Equal(2 + makers.Length, cells.Length));
        for (int maker = 0; maker < makers.Length; maker++)
        {
            IEnumerable<string> documented = rows.Where(cells => cells[2 + maker] == "x").SelectMany(cells => cells[0].Split(", ")).Select(name => name.Trim('`')).Where(name => name.EndsWith(".json", StringComparison.Ordinal));
            IEnumerable<string> there = Directory.EnumerateFiles(VectorFile.PathOf(makers[maker]), "*.json").Select(path => Path.GetFileName(path));
            Assert.Equal(there.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        }
    }
}
