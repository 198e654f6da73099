namespace SecureDrop.Benchmarks.Drop;

/// <summary>The repository these benchmarks run from, and what is built or standing beside it.</summary>
internal static class Repository
{
    /// <summary>The directory of the solution.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The server as it is built for release.</summary>
    internal static string Server => Built("server", "SecureDrop.Server.dll");

    /// <summary>The reviewer's tool as it is built for release.</summary>
    internal static string Reviewer => Built("reviewer-cli", "reviewer.dll");

    /// <summary>An optional stock program beside the repository, or null.</summary>
    internal static string? Stock(string name)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "bin", name));
        return File.Exists(path) ? path : null;
    }

    private static string Built(string project, string file)
    {
        string path = Path.Combine(Root, project, "bin", "Release", "net10.0", file);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: run with `dotnet run -c Release`, which builds it.");
    }

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "SecureDrop.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Benchmarks run from within the repository.");
    }
}
