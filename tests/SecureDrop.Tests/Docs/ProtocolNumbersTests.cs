using System.Globalization;
using System.Reflection;
using SecureDrop.Crypto.Reports;
using SecureDrop.Server.Storage;
using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Docs;

/// <summary>The numbers of <c>docs/protocol.md</c> are the code's.</summary>
public sealed class ProtocolNumbersTests
{
    private const BindingFlags Constants = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;

    public static TheoryData<string, long> Rows()
    {
        string text = File.ReadAllText(Path.Combine(StockProgram.RepositoryRoot, "docs/protocol.md"));
        string table = text[text.IndexOf("## Numbers", StringComparison.Ordinal)..];
        TheoryData<string, long> rows = [];
        foreach (string[] cells in table.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length == 5))
        {
            if (long.TryParse(cells[3], NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out long value))
            {
                rows.Add(cells[2].Trim('`'), value);
            }
        }
        return rows;
    }

    [Fact]
    public void Table_HasRows() => Assert.True(Rows().Count > 40);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Number_IsTheConstants(string constant, long value)
    {
        string[] names = constant.Split('.');
        Type type = Assert.Single(new[] { typeof(SizeClass).Assembly, typeof(IReportStore).Assembly }.SelectMany(assembly => assembly.GetTypes()),
            type => type.Name == names[0] && type.GetField(names[1], Constants) is { IsLiteral: true });
        Assert.Equal(value, Convert.ToInt64(type.GetField(names[1], Constants)!.GetRawConstantValue(), CultureInfo.InvariantCulture));
    }
}
