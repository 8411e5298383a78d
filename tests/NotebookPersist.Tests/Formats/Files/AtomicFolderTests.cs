using NotebookPersist.Formats.Files;
using Xunit;

namespace NotebookPersist.Tests.Formats.Files;

/// <summary>A folder appears whole or not at all, and what dead writers left is taken away.</summary>
[Collection("Disk")]
public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Disk.Before = null;
        _folder.Dispose();
    }

    [Fact]
    public void It_appears_with_all_that_is_in_it()
    {
        File.WriteAllText(_folder["source"], "words");
        using (AtomicFolder made = AtomicFolder.Create(_folder["a/b"]))
        {
            made.Copy(_folder["source"], "assets", "copy");
            Assert.False(Directory.Exists(_folder["a/b"]));
            made.Commit();
        }

        Assert.Equal("words", File.ReadAllText(_folder["a/b/assets/copy"]));
        Assert.Equal([_folder["a/b"]], Directory.EnumerateFileSystemEntries(_folder["a"]));
    }

    [Fact]
    public void Without_a_commit_nothing_is_left_of_it_and_links_are_not_followed()
    {
        Directory.CreateDirectory(_folder["outside"]);
        File.WriteAllText(_folder["outside/kept"], "kept");
        using (AtomicFolder made = AtomicFolder.Create(_folder["m"]))
        {
            made.AddFolder("variables");
            Directory.CreateSymbolicLink(Path.Combine(made.TemporaryPath, "link"), _folder["outside"]);
        }

        Assert.Equal([_folder["outside"]], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Equal("kept", File.ReadAllText(_folder["outside/kept"]));
    }

    [Fact]
    public void A_folder_that_holds_something_is_not_replaced()
    {
        using AtomicFolder made = AtomicFolder.Create(_folder["m"]);
        Directory.CreateDirectory(_folder["m"]);
        File.WriteAllText(_folder["m/mine"], "mine");
        Assert.ThrowsAny<IOException>(made.Commit);
        Assert.Equal("mine", File.ReadAllText(_folder["m/mine"]));
    }

    [Fact]
    public void A_SavedModel_that_dies_at_any_call_damages_none_and_leaves_no_half_one()
    {
        File.WriteAllText(_folder["words.txt"], "one two");
        var graph = new Graph();
        Variable v = graph.Variable(new[] { 1f, 2f }, name: "v");
        Output asset = graph.Constant(_folder["words.txt"], name: "asset");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var saver = new Saver([v]);
        int failing = 0;
        var seen = new HashSet<DiskCall>();
        bool died = true;
        for (; died; failing++)
        {
            string folder = _folder[$"{failing}"];
            Export(Path.Combine(folder, "old"));
            Directory.CreateDirectory(Path.Combine(folder, "new")); // An empty folder gives way.
            int call = 0;
            died = false;
            Disk.Before = (kind, path) =>
            {
                // A dead process cleans nothing up: whatever it would do after this fails too.
                if (path.StartsWith(folder, StringComparison.Ordinal) && (died || call++ == failing))
                {
                    seen.Add(kind);
                    died = true;
                    throw new DiedException();
                }
            };
            try
            {
                Export(Path.Combine(folder, "new"));
            }
            catch (DiedException)
            {
                // As intended.
            }
            finally
            {
                Disk.Before = null;
            }

            foreach (string model in Directory.EnumerateDirectories(folder).Where(NotebookPersist.SavedModel.IsAt))
                RequireWhole(model);
            Assert.True(NotebookPersist.SavedModel.IsAt(Path.Combine(folder, "old")));
            if (!NotebookPersist.SavedModel.IsAt(Path.Combine(folder, "new")))
                Export(Path.Combine(folder, "new"));
            RequireWhole(Path.Combine(folder, "new"));
            Assert.Equal(["new", "old"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }

        Assert.InRange(failing, 15, 200);
        Assert.Superset(new HashSet<DiskCall> { DiskCall.CreateFolder, DiskCall.Create, DiskCall.Write, DiskCall.Flush, DiskCall.Rename, DiskCall.MoveFolder, DiskCall.DeleteFolder }, seen);

        void Export(string path)
        {
            using var builder = new SavedModelBuilder(path);
            builder.AddMetaGraphAndVariables(session, ["serve"], assetsCollection: [asset], saver: saver);
            builder.Save();
        }
    }

    private static void RequireWhole(string path)
    {
        NotebookPersist.SavedModel model = NotebookPersist.SavedModel.Load(path);
        Assert.Equal("one two", File.ReadAllText(Path.Combine(path, "assets", Assert.Single(NotebookPersist.Persistence.SavedModelAssets.Of(model.MetaGraph, path)).Filename)));
        using Checkpoint variables = model.OpenVariables();
        Assert.Empty(variables.Verify());
        Assert.Equal([1f, 2f], variables["v"].ToArray<float>());
    }

    private sealed class DiedException : Exception;
}
