using SecureDrop.Tests.Interop;
using Xunit;

namespace SecureDrop.Tests.Snapshots;

/// <summary>A file of the repository that must be what the code says. With <c>UPDATE_SNAPSHOTS=1</c> it is written anew.</summary>
internal static class Snapshot
{
    public static void Compare(string path, string actual)
    {
        string file = Path.Combine(StockProgram.RepositoryRoot, path);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{path} is missing; write it with UPDATE_SNAPSHOTS=1");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
