using System.Text.Json.Nodes;
using NotebookPersist.Fuzzing.Mutation;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Snapshots;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>Snapshots of notebooks: the manifest, the graphs and the values, without the digests that would end the reading at the first change.</summary>
internal sealed class SnapshotTarget() : FuzzTarget("snapshot")
{
    private const string Index = ".index";

    public override IEnumerable<FuzzInput> Seeds(Corpus corpus)
    {
        foreach (bool usesResources in new[] { false, true })
            yield return Seed(usesResources);
    }

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator)
    {
        string name = mutator.Chance(2) ? SnapshotManifest.FileName : mutator.Choose([.. seed.Files.Keys]);
        byte[] file = seed.Files[name], donor = other.Files.GetValueOrDefault(name) ?? mutator.Choose([.. other.Files.Values]);
        if (mutator.Chance(30))
            return seed.With(name, mutator.Choose([.. other.Files.Values]));
        return seed.With(name, Path.GetExtension(name) switch
        {
            ".json" => mutator.Text(file, donor),
            ".meta" => mutator.Message(file, donor),
            Index => mutator.Table(file, donor, mutator.Message),
            _ => mutator.Bytes(file, donor),
        });
    }

    public override object Read(string folder, Action<long> accept) => LoadedSnapshot.Read(folder, CancellationToken.None);

    public override void Rewrite(object value, string folder)
    {
        using var snapshot = (LoadedSnapshot)value;
        var workspace = new Workspace(() => snapshot.Variables.Select(static v => KeyValuePair.Create(v.Name, v.Value)));
        try
        {
            SessionSnapshot.Save(workspace, Path.Combine(folder, "again"), CancellationToken.None);
            LoadedSnapshot.Read(Path.Combine(folder, "again"), CancellationToken.None).Dispose();
        }
        catch (ArgumentException)
        {
            // Names that a host would have refused to declare.
        }
    }

    // As graphs.
    public override long AllocationLimit(long inputByteCount) => (2000 * inputByteCount) + (64L << 20);

    private static FuzzInput Seed(bool usesResources)
    {
        var graph = new Graph { UseResourceVariables = usesResources, CurrentCell = "a" };
        Variable variable = graph.Variable(new float[] { 1, 2, 3 }, name: "v");
        Output doubled = graph.Multiply(variable, graph.Constant(2f), name: "doubled");
        var saver = new Saver(graph: graph);
        using var session = new Session(graph);
        session.Run(variable.Initializer);
        KeyValuePair<string, object?>[] variables =
        [
            new("graph", graph), new("session", session), new("v", variable), new("doubled", doubled), new("saver", saver), new("step", doubled.Operation),
            new("n", 3), new("values", new double[,] { { 1, 2 } }), new("names", new List<string> { "a", "" }), new("price", 1.5m), new("letter", 'x'), new("when", DateTime.UnixEpoch),
            new("tensor", (Tensor)new float[] { 1 }), new("yes", true), new("id", Guid.Empty),
        ];
        string folder = Directory.CreateTempSubdirectory("notebookpersist-fuzzing").FullName;
        try
        {
            SessionSnapshot.Save(new Workspace(() => variables), folder, CancellationToken.None);
            FuzzInput input = FuzzInput.Read(folder);
            JsonNode manifest = JsonNode.Parse(input.Files[SnapshotManifest.FileName])!; // It was just written.
            foreach (JsonNode? stored in (JsonArray)manifest["graphs"]!)
                stored!.AsObject().Remove("digest");
            return input.With(SnapshotManifest.FileName, System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
