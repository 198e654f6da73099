using System.Text;
using System.Text.Json;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using Xunit;

namespace SecureDrop.Tests.Vectors;

/// <summary>
/// Who made vectors of sealed files, each with indices of one form: the independent implementation, this library (<c>own/</c>), and the
/// page's TypeScript (<c>page/</c>).
/// </summary>
internal static class VectorMaker
{
    internal static TheoryData<string> All => ["", "own/", "page/"];

    /// <summary>The index of a maker; the running test is skipped, with the reason, where there is none.</summary>
    internal static JsonElement IndexOrSkip(string maker, string index)
    {
        Assert.SkipUnless(File.Exists(VectorFile.PathOf(maker + index)), $"tests/vectors/{maker}{index} has not been written yet");
        return VectorFile.Json(maker + index);
    }

    /// <summary>A file that an index names, relative to it.</summary>
    internal static byte[] Read(string maker, string name) => File.ReadAllBytes(VectorFile.PathOf(maker + name));

    /// <summary>The roster of an index, verified as a source would on the index's day.</summary>
    internal static VerifiedRoster Verify(JsonElement index)
    {
        RosterAnswer answer = RosterAnswer.Parse(Encoding.UTF8.GetBytes(index.GetProperty("answer").GetRawText()));
        MinisignPublicKey? link = index.TryGetProperty("link", out JsonElement text) ? MinisignPublicKey.Parse(text.GetString()!) : null;
        return RosterVerifier.Verify(answer, link, DayOf(index));
    }

    internal static DateOnly DayOf(JsonElement index) =>
        index.TryGetProperty("day", out JsonElement text) && Day.TryParse(text.GetString(), out DateOnly day) ? day : TestDrop.Today;
}
