using NotebookPersist.Benchmarks;

// dotnet run -c Release --project tests/NotebookPersist.Benchmarks [freeze] [FOLDER]
string folder = Path.Combine(args.Length > 0 && Directory.Exists(args[^1]) ? args[^1] : Path.GetTempPath(), $"notebookpersist-benchmarks-{Environment.ProcessId}");
Directory.CreateDirectory(folder);
try
{
    if (!FreezeBenchmarks.TryRun(args, folder))
        CheckpointBenchmarks.Run(folder);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
