using System.CommandLine;
using NotebookPersist.Formats.Text;
using NotebookPersist.Notebooks.Magics;
using NotebookPersist.Tool.Json;

namespace NotebookPersist.Tool.Commands;

/// <summary>Looks for whatever can be wrong with checkpoints.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A folder, or a checkpoint by any of its names." };
        var repair = new Option<bool>("--repair") { Description = "Rewrites state files and removes what dead saves left; never touches a checkpoint's files." };
        var age = new Option<int>("--age") { Description = "How long nothing may have changed a temporary file before it counts as left over.", HelpName = "minutes", DefaultValueFactory = static _ => 10 };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new Command("doctor", "Verifies every checksum, meta graph and state file of a folder or checkpoint. Exit code 0: healthy, 1: findings, 2: trouble.") { path, repair, age, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(path), parsed.GetValue(repair), parsed.GetValue(age), parsed.GetValue(json), cancellation)));
        return command;
    }

    private static int Run(string path, bool repair, int age, bool json, CancellationToken cancellation)
    {
        if (age < 0)
            throw new UsageException($"--age takes a whole number of minutes of at least 0; '{age}' was given.");
        var options = new DoctorOptions { QuietTime = TimeSpan.FromMinutes(age) };
        DoctorReport report;
        try
        {
            report = repair ? CheckpointDoctor.Repair(path, options, cancellation) : CheckpointDoctor.Examine(path, options, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(fault.Message);
        }

        Console.WriteLine(json ? DoctorJson.Of(report).ToJsonString(TensorJson.Options) : PlainNames.OfLines(Text(report)));
        return report.IsHealthy && report.Repairs.All(static r => r.IsDone) ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Text(DoctorReport report)
    {
        IEnumerable<string> checkpoints = report.Checkpoints.Select(static c =>
            $"  {(c.IsSound ? "sound  " : "DAMAGED")}  {Path.GetFileName(c.Prefix)}  {c.TensorCount} tensor{(c.TensorCount == 1 ? "" : "s")}, {MagicReport.Bytes(c.ByteCount)}{(c.IsNewest ? ", newest" : "")}");
        return string.Join('\n', checkpoints.Prepend(report.ToString()));
    }
}
