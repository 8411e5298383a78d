using NotebookPersist.Benchmarks;

// dotnet run -c Release --project tests/NotebookPersist.Benchmarks -- SUITE [FOLDER]
Dictionary<string, Action<string>> suites = new(StringComparer.Ordinal)
{
    ["branches"] = static _ => ChainBenchmarks.Branches(),
    ["checkpoints"] = CheckpointBenchmarks.Run,
    ["executor"] = ExecutorBenchmarks.Run,
    ["imports"] = ExecutorBenchmarks.Import,
    ["kernels"] = KernelBenchmarks.Run,
    ["kernels-convolutions"] = KernelBenchmarks.RunConvolutions,
    ["kernels-plain"] = KernelBenchmarks.RunPlainConvolutions,
    ["kernels-products"] = KernelBenchmarks.RunProducts,
    ["kernels-small"] = KernelBenchmarks.RunSmall,
    ["speed"] = SpeedBenchmarks.Run,
    ["restricted"] = RestrictedBenchmarks.Run,
    ["training"] = TrainingBenchmarks.Run,
    ["training-trace"] = TrainingBenchmarks.RunTrace,
    ["vgg"] = VggBenchmarks.RunForward,
    ["vgg-head"] = VggBenchmarks.RunHead,
    ["vgg-memory"] = VggBenchmarks.RunMemory,
    ["vgg-one"] = VggBenchmarks.RunForwardOfOne,
    ["vgg-trace"] = VggBenchmarks.RunTrace,
    ["vgg-training"] = VggBenchmarks.RunTraining,
    ["vgg-training-trace"] = VggBenchmarks.RunTrainingTrace,
    ["small-tensors"] = CheckpointBenchmarks.RunSmall,
    ["freeze"] = static folder => FreezeBenchmarks.TryRun(["freeze"], folder),
};
if (args is [MemoryRow.Command, string row, string place])
{
    MemoryRow.Measure(row, place);
    return 0;
}

if (args is [RestrictedBenchmarks.Child])
{
    RestrictedBenchmarks.Measure();
    return 0;
}

if (args is [VggBenchmarks.Child, string side, string model, string threads])
{
    VggBenchmarks.First(side, model, int.Parse(threads, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

if (args is [FreezeBenchmarks.Child, _, string files] && FreezeBenchmarks.TryRun(args, files))
    return 0;
if (args.Length == 0 || !suites.TryGetValue(args[0], out Action<string>? suite))
{
    Console.Error.WriteLine($"Name one of these suites: {string.Join(", ", suites.Keys)}.");
    return 2;
}

string folder = Path.Combine(args.Length > 1 ? args[1] : Path.GetTempPath(), $"notebookpersist-benchmarks-{Environment.ProcessId}");
Directory.CreateDirectory(folder);
try
{
    Machine.Describe(folder);
    suite(folder);
    Machine.DescribeLoad();
}
finally
{
    Directory.Delete(folder, recursive: true);
}

return 0;
