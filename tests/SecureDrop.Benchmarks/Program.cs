using SecureDrop.Benchmarks;

// One class a subject; a subject is chosen by its name, with its own arguments behind it.
var subjects = new Dictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
{
    ["age"] = AgeBenchmark.RunAsync,
    ["upload"] = UploadBenchmark.RunAsync,
    ["inbox"] = InboxBenchmark.RunAsync,
    ["texts"] = TextsBenchmark.RunAsync,
    ["growth"] = GrowthBenchmark.RunAsync,
    ["flood"] = FloodBenchmark.RunAsync,
};

if (args.Length == 0 || !subjects.TryGetValue(args[0], out Func<string[], Task>? run))
{
    Console.Error.WriteLine($"Which subject? One of: {string.Join(", ", subjects.Keys)}");
    return 2;
}

await run(args[1..]);
return 0;
