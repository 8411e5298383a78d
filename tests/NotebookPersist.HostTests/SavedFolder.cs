using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>A folder that SaveLoop saves to, and what must hold of it however its process ended.</summary>
internal sealed class SavedFolder : IDisposable
{
    private readonly string _mode;
    private readonly bool _isOwn;

    /// <summary>A new folder, which goes with this object.</summary>
    public SavedFolder(string mode)
        : this(Directory.CreateTempSubdirectory("notebookpersist-kill-").FullName, mode, isOwn: true)
    {
    }

    private SavedFolder(string path, string mode, bool isOwn) => (Path, _mode, _isOwn) = (path, mode, isOwn);

    public string Path { get; }

    /// <summary>The newest step that was saved; 0 before the first.</summary>
    public float Latest { get; private set; }

    /// <summary>Somebody else's folder.</summary>
    public static SavedFolder At(string path, string mode) => new(path, mode, isOwn: false);

    public void Dispose()
    {
        if (_isOwn)
            Directory.Delete(Path, recursive: true);
    }

    /// <summary>Reads all that is named, whole and with every checksum, and requires that the newest is no older than it was before.</summary>
    /// <returns>How many steps newer it is.</returns>
    public int Examine(string when)
    {
        float found = _mode switch
        {
            "savedmodel" => LatestExport(),
            "freeze" => File.Exists(System.IO.Path.Combine(Path, "model.pb")) ? ReadFrozen(System.IO.Path.Combine(Path, "model.pb")) : 0,
            _ => LatestCheckpoint(),
        };
        Assert.True(found >= Latest, $"{when}: the newest is of step {found}, but step {Latest} was there before.");
        int newer = (int)(found - Latest);
        Latest = found;
        return newer;
    }

    /// <summary>Requires that nothing is left of saves that did not end.</summary>
    public void RequireClean()
    {
        string[] entries = [.. Directory.EnumerateFileSystemEntries(Path).Select(static e => System.IO.Path.GetFileName(e))];
        Assert.DoesNotContain(entries, static e => e.Contains(".tempstate", StringComparison.Ordinal));
        Assert.All(
            entries.Where(static e => e.Contains(".data-", StringComparison.Ordinal)),
            data => Assert.Contains(data[..data.LastIndexOf(".data-", StringComparison.Ordinal)] + ".index", entries));
    }

    private float LatestCheckpoint()
    {
        if (CheckpointStates.Get(Path) is not { } state)
            return 0;
        foreach (string listed in state.AllModelCheckpointPaths.Where(CheckpointStates.Exists))
            ReadCheckpoint(listed);
        return ReadCheckpoint(CheckpointStates.Latest(Path)!);
    }

    private float LatestExport()
    {
        float latest = 0;
        foreach (string export in Directory.EnumerateDirectories(Path, "export-*").Where(static e => !e.Contains(".tempstate", StringComparison.Ordinal)))
        {
            Assert.True(SavedModel.IsAt(export));
            float step = ReadExport(export);
            Assert.EndsWith($"export-{step}", export, StringComparison.Ordinal);
            latest = Math.Max(latest, step);
        }

        // What has not got its name yet may lack anything, but not what its description names.
        foreach (string half in Directory.EnumerateDirectories(Path, "export-*.tempstate*").Where(SavedModel.IsAt))
            ReadExport(half);
        return latest;
    }

    private static float ReadExport(string export)
    {
        SavedModel model = SavedModel.Load(export);
        Assert.Single(model.MetaGraph.CollectionDef["saved_model_assets"].AnyList.Value);
        string asset = Assert.Single(Directory.GetFiles(System.IO.Path.Combine(export, "assets")));
        Assert.True(new FileInfo(asset).Length > 0);
        return ReadCheckpoint(System.IO.Path.Combine(export, "variables", "variables"));
    }

    private static float ReadFrozen(string path)
    {
        using LoadedModel model = LoadedModel.Load(path);
        return Assert.Single(model.Session.Run("output:0")!.ToArray<float>().Distinct());
    }

    private static float ReadCheckpoint(string prefix)
    {
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        Assert.Empty(checkpoint.Verify());
        Assert.Equal(3, checkpoint.Tensors.Count);
        return Assert.Single(checkpoint.Tensors.SelectMany(t => checkpoint[t.Name].ToArray<float>()).Distinct());
    }
}
