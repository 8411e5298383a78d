using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>One look at a folder, or at one checkpoint in it: what is wrong, and what can be done about it.</summary>
internal sealed class FolderExamination
{
    private readonly CheckpointFolder _folder;
    private readonly string? _only;
    private readonly DoctorOptions _options;
    private readonly VerificationCache _cache;
    private readonly CancellationToken _cancellation;
    private readonly List<Finding> _findings = [];
    private readonly List<CheckpointVerification> _verified = [];

    private FolderExamination(CheckpointFolder folder, string? only, DoctorOptions options, VerificationCache cache, CancellationToken cancellation)
    {
        _folder = folder;
        _only = only;
        _options = options;
        _cache = cache;
        _cancellation = cancellation;
    }

    /// <summary>State files to be rewritten, with what they should hold.</summary>
    public IReadOnlyDictionary<string, CheckpointState> Rewrites { get; private set; } = new Dictionary<string, CheckpointState>();

    /// <summary>Files and folders that nobody needs.</summary>
    public List<string> Removals { get; } = [];

    /// <summary>Looks at a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="only">Prefix of the one checkpoint that is meant; null for all.</param>
    /// <param name="options">What counts as left over.</param>
    /// <param name="cache">What earlier looks found.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static FolderExamination Of(string folder, string? only, DoctorOptions options, VerificationCache cache, CancellationToken cancellation)
    {
        var examination = new FolderExamination(CheckpointFolder.List(folder, cancellation), only, options, cache, cancellation);
        examination.Examine();
        return examination;
    }

    /// <summary>What was found.</summary>
    public DoctorReport Report(IReadOnlyList<DoctorRepair> repairs)
    {
        var listed = State?.Listed ?? [];
        var newest = State?.Newest ?? [];
        ExaminedCheckpoint[] checkpoints =
        [
            .. _verified.Select(v => new ExaminedCheckpoint(
                v.Path.Prefix,
                v.Path.Kind,
                v.TensorCount,
                v.ByteCount,
                v.IsSound,
                listed.Contains(Path.GetFullPath(v.Path.Prefix)),
                newest.Contains(Path.GetFullPath(v.Path.Prefix)))),
        ];
        return new DoctorReport(_only ?? _folder.Path, checkpoints, [.. _findings.OrderByDescending(static f => f.Severity)], repairs);
    }

    private StateExamination? State { get; set; }

    private bool Concerns(string path) => _only is null
        || path == _only
        || (path.StartsWith(_only, StringComparison.Ordinal) && path.AsSpan(_only.Length) is ['.', ..] or ['_', 't', 'e', 'm', 'p', '_', ..]);

    private void Examine()
    {
        foreach (CheckpointPath checkpoint in _folder.Checkpoints.Where(c => Concerns(c.Prefix)))
            Verify(checkpoint);
        if (_only is null)
        {
            State = new StateExamination(_folder, c => _cache.Verify(c, _cancellation).IsSound);
            State.Examine();
            foreach (CheckpointPath elsewhere in State.Elsewhere)
                Verify(elsewhere);
            _findings.AddRange(State.Findings);
            Rewrites = State.Rewrites;
        }

        ExamineDataFiles();
        foreach (string metaGraph in _folder.MetaGraphs.Where(Concerns))
            ExamineMetaGraph(metaGraph);
        foreach (string temporary in _folder.Temporary.Where(Concerns))
            ExamineTemporary(temporary);
        foreach (string link in _folder.DeadLinks.Where(Concerns))
            Add(FindingKind.Unreadable, FindingSeverity.Error, $"'{link}' is a link to '{new FileInfo(link).LinkTarget}', where nothing is.", link, "Put the file there, or remove the link.");
        foreach ((string file, string reason) in _folder.Closed.Where(c => Concerns(c.Path)))
            Add(FindingKind.Unreadable, FindingSeverity.Error, $"'{file}' cannot be read: {reason}", file, "Allow reading it.");
        if (_verified.Count == 0 && _findings.Count == 0 && _only is null)
            Add(FindingKind.NothingThere, FindingSeverity.Warning, $"There is no checkpoint in folder '{_folder.Path}'.", _folder.Path, WhereToLook());
    }

    // Folders are looked at one at a time: each has a state file of its own.
    private string WhereToLook()
    {
        const int shown = 3;
        var downwards = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true };
        string[] folders =
        [
            .. Directory.EnumerateFiles(_folder.Path, "*", downwards)
                .Where(static f => Path.GetFileName(f) is "checkpoint" || f.EndsWith(".index", StringComparison.Ordinal))
                .Select(static f => Path.GetDirectoryName(f)!)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        if (folders.Length == 0)
            return "Give another folder, or the prefix of a checkpoint.";
        string names = string.Join(", ", folders.Take(shown).Select(static f => $"'{f}'"));
        return $"Below it there are some in {names}{(folders.Length > shown ? $" and {folders.Length - shown} more folders" : "")}: look at each by itself.";
    }

    private void Add(FindingKind kind, FindingSeverity severity, string what, string path, string remedy) => _findings.Add(new Finding(kind, severity, what, path, remedy));

    private void Verify(CheckpointPath checkpoint)
    {
        CheckpointVerification result = _cache.Verify(checkpoint, _cancellation);
        _verified.Add(result);
        foreach (CheckpointDamage damage in result.Damages)
        {
            (FindingKind kind, FindingSeverity severity, string remedy) = damage.Kind switch
            {
                CheckpointDamageKind.MissingFile => (FindingKind.MissingFile, FindingSeverity.Error, "Copy it here; all files of a checkpoint belong together."),
                CheckpointDamageKind.ForeignFile => (FindingKind.ForeignFile, FindingSeverity.Error, "Copy all files of the checkpoint together from one place."),
                CheckpointDamageKind.Truncated => (FindingKind.TruncatedFile, FindingSeverity.Error, "Copy or download it again, or go back to an earlier checkpoint."),
                CheckpointDamageKind.Block => (FindingKind.DamagedBlock, FindingSeverity.Error, "Copy or download it again, or go back to an earlier checkpoint."),
                CheckpointDamageKind.Tensor => (FindingKind.DamagedTensor, FindingSeverity.Error, "Copy or download it again; the other tensors can still be restored."),
                CheckpointDamageKind.Unreadable => (FindingKind.Unreadable, FindingSeverity.Error, "Allow reading it, and look at the disk."),
                CheckpointDamageKind.Unsupported => (FindingKind.Unsupported, FindingSeverity.Warning, "It can only be checked by the program that wrote it."),
                _ => (FindingKind.DamagedUnusedBlock, FindingSeverity.Warning, "No value is concerned. Save it again to be rid of it."),
            };
            _findings.Add(new Finding(kind, severity, damage.Message, damage.Path, remedy) { ByteOffset = damage.ByteOffset, TensorName = damage.TensorName });
        }
    }

    private void ExamineDataFiles()
    {
        Dictionary<string, CheckpointPath> indexes = _folder.Checkpoints.Where(static c => c.Kind == CheckpointKind.Bundle).ToDictionary(static c => c.Prefix, StringComparer.Ordinal);
        foreach ((string prefix, List<(string Path, int ShardCount)> files) in _folder.DataFiles.Where(d => Concerns(d.Key)))
        {
            if (!indexes.ContainsKey(prefix))
            {
                Add(
                    FindingKind.OrphanData,
                    FindingSeverity.Warning,
                    $"The data file '{files[0].Path}'{(files.Count > 1 ? $" and {files.Count - 1} more have" : " has")} no index '{prefix}.index': what is where in it cannot be told.",
                    files[0].Path,
                    "Copy the index here, or delete the data if it was left by a save that did not end.");
                continue;
            }

            if (_cache.ShardCount(prefix) is not { } count)
                continue;
            foreach ((string file, int told) in files.Where(f => f.ShardCount != count))
            {
                Add(
                    FindingKind.ForeignFile,
                    FindingSeverity.Warning,
                    $"The data file '{file}' is of another save: its name tells of {told} files, the index '{prefix}.index' of {count}.",
                    file,
                    "The checkpoint does not need it. The next save of this name removes it.");
            }
        }
    }

    private void ExamineMetaGraph(string file)
    {
        try
        {
            _ = MessageFile.Read<MetaGraphDef>(file);
        }
        catch (CheckpointFormatException fault)
        {
            _findings.Add(new Finding(
                FindingKind.DamagedGraph, FindingSeverity.Error, fault.Message, file, "The checkpoint's values are not concerned: restore them into a graph made by the program.")
            { ByteOffset = fault.ByteOffset });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Add(FindingKind.Unreadable, FindingSeverity.Error, $"The meta graph '{file}' cannot be read: {fault.Message}", file, "Allow reading it.");
        }

        // The shards of an old checkpoint share one meta graph; a name without a step is one that was exported by itself.
        string prefix = file[..^".meta".Length];
        if (CheckpointFolder.Step(prefix) is not null && !_folder.Checkpoints.Any(c => c.Prefix == prefix))
        {
            Add(
                FindingKind.OrphanMetaGraph,
                _folder.DataFiles.ContainsKey(prefix) ? FindingSeverity.Note : FindingSeverity.Warning,
                $"The meta graph '{file}' has no checkpoint beside it.",
                file,
                "The graph can be used without values. Delete it if its checkpoint was deleted.");
        }
    }

    private void ExamineTemporary(string path)
    {
        bool isFolder = Directory.Exists(path);
        bool isLink = new FileInfo(path).LinkTarget is not null;
        string[] contents = isFolder && !isLink ? Directory.GetFileSystemEntries(path) : [];
        string noun = isFolder ? "folder" : "file";
        if (contents.Append(path).Any(p => IsInUse(p)))
        {
            Add(FindingKind.BeingWritten, FindingSeverity.Note, $"The temporary {noun} '{path}' is being written, or was a moment ago.", path, "Let the save end. If there is none, look again later.");
            return;
        }

        string remedy = "Remove it: the save that wrote it did not end.";
        bool isRepairable = true;
        if (isLink || contents.Any(static c => Directory.Exists(c)))
        {
            isRepairable = false;
            remedy = "It is a link, or holds folders, which no save makes. Look into it, and remove it by hand.";
        }
        else if (contents.Length > 0 && !_verified.Exists(static v => v.IsSound) && SoundPart(contents) is { } part)
        {
            isRepairable = false;
            remedy = $"No other sound checkpoint is here, and '{part}' in it can be restored. Move that to a safe place, then remove the rest by hand.";
        }

        if (isRepairable)
            Removals.Add(path);
        _findings.Add(new Finding(FindingKind.Leftover, FindingSeverity.Warning, $"The temporary {noun} '{path}' was left by a save that did not end.", path, remedy) { IsRepairable = isRepairable });
    }

    private bool IsInUse(string path)
    {
        DateTimeOffset now = _options.Time.GetUtcNow();
        return Directory.Exists(path) ? now - Directory.GetLastWriteTimeUtc(path) < _options.QuietTime : LeftoverFiles.IsInUse(path, now, _options.QuietTime);
    }

    private string? SoundPart(IEnumerable<string> contents) => contents
        .Where(static c => c.EndsWith(".index", StringComparison.Ordinal))
        .Select(static c => c[..^".index".Length])
        .FirstOrDefault(p => _cache.Verify(new CheckpointPath(p, CheckpointKind.Bundle), _cancellation) is { IsSound: true, TensorCount: > 0 });
}
