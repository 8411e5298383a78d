using System.Security.Cryptography;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Text;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Looks through checkpoints for whatever can be wrong with them, and puts right what needs no guessing.</summary>
/// <remarks>
/// Every block and every tensor is read and its checksum compared; state files, meta graphs, temporary files and what is missing are
/// looked at too. A repair rewrites state files and removes temporary ones. It never deletes or changes a file of a checkpoint:
/// damaged ones are only left out of the state file.
/// Thread safety: all members may be called from any thread.
/// </remarks>
public static class CheckpointDoctor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] ArrayExtensions = [".npz", ".npy", ".safetensors"];

    // What has such a name and is none is damaged; other files are none of ours. A V1 checkpoint has no extension.
    private static readonly string[] ModelExtensions = [.. ArrayExtensions, ".pb", ".pbtxt", ".meta", ".ckpt", ""];

    /// <summary>Looks through a folder, or one checkpoint.</summary>
    /// <param name="path">A folder, its state file, the prefix of a checkpoint, any of its files, a SavedModel, a graph's file, or an .npz, .npy or .safetensors file.</param>
    /// <param name="options">What counts as left over; by default what nothing has changed for ten minutes.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="CheckpointFormatException">The file is of no kind that is known.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static DoctorReport Examine(string path, DoctorOptions? options = null, CancellationToken cancellation = default)
    {
        (string folder, string? only) = Locate(path);
        return only is not null && !IsPartOfCheckpoint(folder, only, cancellation)
            ? ExamineFile(path, cancellation)
            : WithSavedModel(folder, only, options ?? DoctorOptions.Default, (f, o) => FolderExamination.Of(f, only, o, new VerificationCache(), cancellation).Report([]), cancellation);
    }

    /// <summary>Looks through a folder, or one checkpoint, and repairs what needs no guessing.</summary>
    /// <returns>What was done, and what is left. Repairing again then does nothing.</returns>
    /// <inheritdoc cref="Examine"/>
    public static DoctorReport Repair(string path, DoctorOptions? options = null, CancellationToken cancellation = default)
    {
        (string folder, string? only) = Locate(path);
        return only is not null && !IsPartOfCheckpoint(folder, only, cancellation)
            ? ExamineFile(path, cancellation)
            : WithSavedModel(folder, only, options ?? DoctorOptions.Default, (f, o) => RepairFolder(f, only, o, cancellation), cancellation);
    }

    private static DoctorReport RepairFolder(string folder, string? only, DoctorOptions options, CancellationToken cancellation)
    {
        // Reading takes long and is done without the lock, or a process that trains could not save meanwhile.
        var cache = new VerificationCache();
        FolderExamination first = FolderExamination.Of(folder, only, options, cache, cancellation);
        if (first.Rewrites.Count == 0 && first.Removals.Count == 0)
            return first.Report([]);
        List<DoctorRepair> repairs = [];
        try
        {
            using FolderLock alone = FolderLock.Take(folder, Patience, cancellation);
            FolderExamination examination = FolderExamination.Of(folder, only, options, cache, cancellation);
            foreach ((string file, CheckpointState state) in examination.Rewrites)
                repairs.Add(Try($"State file '{file}' written: {state.AllModelCheckpointPaths.Count} {(state.AllModelCheckpointPaths.Count == 1 ? "checkpoint" : "checkpoints")}, the newest '{state.ModelCheckpointPath}'.", file, () => CheckpointStateFile.Write(file, state)));
            foreach (string leftover in examination.Removals)
                repairs.Add(Try($"'{leftover}' removed.", leftover, () => Remove(leftover)));
        }
        catch (IOException busy)
        {
            repairs.Add(new DoctorRepair($"Nothing was done in folder '{folder}'.", folder, busy.Message));
        }

        return FolderExamination.Of(folder, only, options, cache, cancellation).Report(repairs);
    }

    private static DoctorRepair Try(string what, string path, Action act)
    {
        try
        {
            act();
            return new DoctorRepair(what, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new DoctorRepair(what, path, $"{fault.Message} Allow writing to the folder.");
        }
    }

    private static void Remove(string leftover)
    {
        if (!Directory.Exists(leftover))
        {
            LeftoverFiles.Remove(leftover);
            return;
        }

        // File by file: what appeared in it since it was looked at is not taken.
        foreach (string file in Directory.GetFiles(leftover))
            LeftoverFiles.Remove(file);
        Directory.Delete(leftover);
    }

    // A SavedModel keeps its checkpoint in a folder below.
    private static DoctorReport WithSavedModel(string folder, string? only, DoctorOptions options, Func<string, DoctorOptions, DoctorReport> look, CancellationToken cancellation)
    {
        if (only is not null || !SavedModel.IsAt(folder))
            return look(folder, options);
        cancellation.ThrowIfCancellationRequested();
        string variables = Path.Combine(folder, "variables");
        DoctorReport own = look(folder, options);
        DoctorReport? below = Directory.Exists(variables) ? look(variables, options) : null;
        IEnumerable<Finding> findings = own.Findings.Concat(below?.Findings ?? []).Where(static f => f.Kind != FindingKind.NothingThere).Concat(GraphFindings<Protos.SavedModel>(GraphOf(folder)));
        return new DoctorReport(folder, [.. own.Checkpoints, .. below?.Checkpoints ?? []], [.. findings.OrderByDescending(static f => f.Severity)], [.. own.Repairs, .. below?.Repairs ?? []]);
    }

    private static string GraphOf(string folder) => Path.Combine(folder, File.Exists(Path.Combine(folder, "saved_model.pb")) ? "saved_model.pb" : "saved_model.pbtxt");

    // A file that is no part of a checkpoint: a graph, or arrays.
    private static DoctorReport ExamineFile(string path, CancellationToken cancellation)
    {
        IReadOnlyList<Finding> findings;
        try
        {
            findings = ModelKinds.Of(path) is ModelKind.SafeTensors or ModelKind.Npz or ModelKind.Npy ? ArrayFindings(path, cancellation) : NoteFindings(path);
        }
        catch (CheckpointFormatException fault) when (fault.Fault != CheckpointFault.NotThisFormat || ModelExtensions.Contains(Path.GetExtension(path).ToLowerInvariant()))
        {
            bool isArray = ArrayExtensions.Contains(Path.GetExtension(path).ToLowerInvariant());
            findings =
            [
                new Finding(isArray ? FindingKind.DamagedTensor : FindingKind.DamagedGraph, FindingSeverity.Error, fault.Message, path, "Copy or download it again.")
                {
                    ByteOffset = fault.ByteOffset,
                },
            ];
        }

        return new DoctorReport(path, [], findings, []);
    }

    // A flipped bit of a value leaves a graph that still parses; the note beside what we wrote tells.
    private static IReadOnlyList<Finding> NoteFindings(string path)
    {
        string note = VerifiedGraphFile.NotePath(path);
        try
        {
            if (ProvenanceNotes.Sha256In(note) is not { } expected)
                return [];
            using FileStream file = RegularFile.OpenRead(path);
            string found = Convert.ToHexStringLower(SHA256.HashData(file));
            return string.Equals(found, expected, StringComparison.OrdinalIgnoreCase)
                ? []
                : [new Finding(FindingKind.DamagedGraph, FindingSeverity.Error, $"'{path}' is not the file that its note '{note}' tells of: SHA-256 {found} instead of {expected}.", path, "Freeze it again, or copy both files again; delete the note if the file was changed on purpose.")];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [new Finding(FindingKind.Unreadable, FindingSeverity.Warning, $"'{path}' and its note cannot be compared: {fault.Message}", path, "Allow reading both.")];
        }
    }

    private static List<Finding> ArrayFindings(string path, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        using TensorSource source = TensorSource.Open(path);
        foreach (CheckpointEntry entry in source.Entries)
        {
            try
            {
                source.Read(entry.Name, cancellation);
            }
            catch (CheckpointFormatException fault)
            {
                findings.Add(new Finding(FindingKind.DamagedTensor, FindingSeverity.Error, fault.Message, path, "Copy or download it again; the other tensors can still be read.")
                {
                    ByteOffset = fault.ByteOffset,
                    TensorName = entry.Name,
                });
            }
        }

        return findings;
    }

    private static IReadOnlyList<Finding> GraphFindings<T>(string path)
        where T : Google.Protobuf.IMessage, new()
    {
        try
        {
            _ = MessageFile.Read<T>(path);
            return [];
        }
        catch (CheckpointFormatException fault)
        {
            return [new Finding(FindingKind.DamagedGraph, FindingSeverity.Error, fault.Message, path, "Copy or download it again.") { ByteOffset = fault.ByteOffset }];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [new Finding(FindingKind.Unreadable, FindingSeverity.Error, $"'{path}' cannot be read: {fault.Message}", path, "Allow reading it.")];
        }
    }

    // The folder, and the prefix where one checkpoint is meant.
    private static (string Folder, string? Only) Locate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return (path, null);
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        if (!Directory.Exists(folder))
            throw new FileNotFoundException($"There is no folder '{folder}'. Give a folder, or the prefix of a checkpoint.", path);
        if (Path.GetFileName(path) == CheckpointStateFile.DefaultName && File.Exists(path))
            return (folder, null);
        return (folder, Path.Combine(folder, Path.GetFileName(CheckpointNames.PrefixOf(path))));
    }

    private static bool IsPartOfCheckpoint(string folder, string prefix, CancellationToken cancellation)
    {
        CheckpointFolder contents = CheckpointFolder.List(folder, cancellation);
        string full = Path.GetFullPath(prefix);
        if (contents.Checkpoints.Select(static c => c.Prefix)
            .Concat(contents.DataFiles.Keys)
            .Concat(contents.MetaGraphs.Select(static m => m[..^".meta".Length]))
            .Any(p => Path.GetFullPath(p) == full))
        {
            return true;
        }

        return File.Exists(prefix)
            ? false
            : throw new FileNotFoundException($"There is no checkpoint '{prefix}' in folder '{folder}', whole or in part. Give a folder, or the prefix of a checkpoint.", prefix);
    }
}
