using NotebookPersist.Benchmarks;

// dotnet run -c Release --project tests/NotebookPersist.Benchmarks [FOLDER]
string folder = Path.Combine(args.Length > 0 ? args[0] : Path.GetTempPath(), $"notebookpersist-benchmarks-{Environment.ProcessId}");
Directory.CreateDirectory(folder);
try
{
    CheckpointBenchmarks.Run(folder);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
