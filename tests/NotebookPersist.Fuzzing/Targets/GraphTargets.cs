using System.Text;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Text;
using NotebookPersist.Fuzzing.Mutation;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>A file of one message; every target of that kind changes fields and leaves lengths right.</summary>
internal abstract class MessageTarget(string name, string file, string pattern) : FuzzTarget(name)
{
    protected string File { get; } = file;

    public override IEnumerable<FuzzInput> Seeds(Corpus corpus) => corpus.Files(pattern).Select(p => FuzzInput.Of((File, System.IO.File.ReadAllBytes(p))));

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator) => seed.With(File, mutator.Message(seed.Files[File], other.Files[File]));

    public override bool IsDocumented(Exception fault) => fault is CheckpointFormatException or FileNotFoundException or GraphException;

    // Nodes, attributes and names are objects, some hundred bytes for a few in the file.
    public override long AllocationLimit(long inputByteCount) => (2000 * inputByteCount) + (64L << 20);
}

/// <summary>Binary graphs, parsed and made into nodes.</summary>
internal sealed class GraphTarget() : MessageTarget("graph", "graph.pb", "*.pb")
{
    public override object Read(string folder, Action<long> accept)
    {
        GraphDef definition = MessageFile.Read<GraphDef>(Path.Combine(folder, File));
        var graph = new Graph();
        graph.ImportGraphDef(definition, "");
        return graph;
    }

    public override void Rewrite(object value, string folder)
    {
        GraphDef definition = ((Graph)value).ToGraphDef(addShapes: true);
        new Graph().ImportGraphDef(GraphDef.Parser.ParseFrom(definition.ToByteArray()), "again");
        TextFormat.Print(definition);
    }
}

/// <summary>Meta graphs with collections and savers.</summary>
internal sealed class MetaGraphTarget() : MessageTarget("metagraph", "m.meta", "*.meta")
{
    // Inputs that a part of a graph leaves open have to be mapped, says the documentation.
    public override bool IsDocumented(Exception fault) => base.IsDocumented(fault) || fault is ArgumentException { ParamName: "inputMap" };

    public override object Read(string folder, Action<long> accept)
    {
        var graph = new Graph();
        MetaGraphs.Import(graph, MetaGraphFiles.Read(Path.Combine(folder, File)));
        return graph;
    }

    public override void Rewrite(object value, string folder) => MetaGraphs.Export((Graph)value).ToByteArray();
}

/// <summary>Graphs as text.</summary>
internal sealed class GraphTextTarget() : MessageTarget("pbtxt", "graph.pbtxt", "*.pbtxt")
{
    public override IEnumerable<FuzzInput> Seeds(Corpus corpus)
    {
        foreach (FuzzInput seed in base.Seeds(corpus))
            yield return seed;
        foreach (string path in corpus.Files("*.pb", 30))
        {
            byte[]? text = null;
            try
            {
                text = Encoding.UTF8.GetBytes(TextFormat.Print(MessageFile.Read<GraphDef>(path)));
            }
            catch (CheckpointFormatException)
            {
                // Another message.
            }

            if (text is { Length: > 10 and < 100_000 })
                yield return FuzzInput.Of((File, text));
        }
    }

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator) => seed.With(File, mutator.Text(seed.Files[File], other.Files[File]));

    public override object Read(string folder, Action<long> accept)
    {
        byte[] text = System.IO.File.ReadAllBytes(Path.Combine(folder, File));
        return TextFormat.Parse<GraphDef>(text, File, skipUnknownFields: text.Length % 2 == 0);
    }

    public override void Rewrite(object value, string folder)
    {
        GraphDef again = TextFormat.Parse<GraphDef>(Encoding.UTF8.GetBytes(TextFormat.Print((GraphDef)value)));
        if (!again.ToByteArray().AsSpan().SequenceEqual(((GraphDef)value).ToByteArray()) && !again.Equals(value) && !TextFormat.Print(again).Equals(TextFormat.Print((GraphDef)value), StringComparison.Ordinal))
            throw new InvalidOperationException("The graph differs after it was printed and parsed.");
    }
}

/// <summary>The objects of TensorFlow 2.</summary>
internal sealed class ObjectGraphTarget() : MessageTarget("objects", "objects.pb", "*.index")
{
    public override IEnumerable<FuzzInput> Seeds(Corpus corpus)
    {
        foreach (string path in corpus.Files("*.index", 500))
        {
            byte[]? graph = null;
            try
            {
                using CheckpointReader reader = CheckpointReader.Open(path);
                if (reader.TryFind(ObjectGraph.Key, out CheckpointEntry? entry) && entry.DType == DType.String)
                    graph = reader.Read(entry.Name).Strings[0];
            }
            catch (IOException)
            {
                // Of some only the index is there.
            }

            if (graph is { Length: > 0 and < 64 * 1024 })
                yield return FuzzInput.Of((File, graph));
        }
    }

    public override object Read(string folder, Action<long> accept) => ObjectGraph.Parse(System.IO.File.ReadAllBytes(Path.Combine(folder, File)), File);

    public override void Rewrite(object value, string folder)
    {
        var graph = (ObjectGraph)value;
        _ = graph.ToString();
        foreach (string key in graph.NameMap.Values)
            graph.FriendlyName(key);
    }

    public override bool IsDocumented(Exception fault) => fault is CheckpointFormatException;
}

/// <summary>Folders of SavedModels: the model, its graph, its objects and its variables.</summary>
internal sealed class SavedModelTarget() : MessageTarget("savedmodel", "saved_model.pb", "saved_model.pb")
{
    private const string Variables = "variables/variables";

    public override IEnumerable<FuzzInput> Seeds(Corpus corpus)
    {
        foreach (string path in corpus.Files(File, 80))
        {
            string prefix = Path.Combine(Path.GetDirectoryName(path)!, Variables); // A file has a folder.
            var files = new List<KeyValuePair<string, byte[]>> { KeyValuePair.Create(File, System.IO.File.ReadAllBytes(path)) };
            if (System.IO.File.Exists(prefix + ".index") && Corpus.DataFiles(prefix) is { } data && data.Sum(static d => new FileInfo(d).Length) < 48 * 1024)
                files.AddRange(data.Append(prefix + ".index").Select(p => KeyValuePair.Create(Variables + p[prefix.Length..], System.IO.File.ReadAllBytes(p))));
            yield return new FuzzInput(files);
        }
    }

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator)
    {
        string index = Variables + ".index";
        if (mutator.Chance(4) && seed.Files.TryGetValue(index, out byte[]? table))
            return seed.With(index, mutator.Table(table, other.Files.GetValueOrDefault(index) ?? table, (_, value) => mutator.Message(value, other.Files[File])));
        return base.Mutate(seed, other, mutator);
    }

    public override bool IsDocumented(Exception fault) => base.IsDocumented(fault) || fault is ArgumentException { ParamName: "inputMap" };

    public override object Read(string folder, Action<long> accept)
    {
        SavedModel model = SavedModel.Load(folder);
        _ = model.ObjectGraph?.ToString();
        foreach ((_, SignatureDef signature) in model.Signatures)
            _ = signature.ToString();
        if (model.VariablesPrefix is not null)
        {
            using Checkpoint variables = model.OpenVariables();
            foreach (CheckpointEntry entry in variables.Tensors)
                accept(variables.Read(entry.Name).ByteCount);
        }

        var graph = new Graph();
        MetaGraphs.Import(graph, model.MetaGraph);
        return graph;
    }

    public override void Rewrite(object value, string folder) => MetaGraphs.Export((Graph)value).ToByteArray();
}
