using System.Text;
using Google.Protobuf.WellKnownTypes;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Files that a SavedModel carries along: constants of the graph hold their paths, the model their names.</summary>
internal sealed class SavedModelAssets
{
    /// <summary>The collection of a meta graph that lists them.</summary>
    public const string Collection = "saved_model_assets";

    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>The files that a meta graph lists; older releases keep them in a collection.</summary>
    /// <exception cref="CheckpointFormatException">The list is damaged, or leads out of the model's folder.</exception>
    public static IReadOnlyList<AssetFileDef> Of(MetaGraphDef metaGraph, string path)
    {
        IEnumerable<AssetFileDef> files = metaGraph.AssetFileDef;
        if (metaGraph.CollectionDef.TryGetValue(Collection, out CollectionDef? stored) && stored.AnyList is { } list)
            files = files.Concat(list.Value.Select(v => MessageFile.Parse<AssetFileDef>(v.Value.ToByteArray(), path)));
        AssetFileDef[] found = [.. files];
        if (Array.Find(found, static f => Path.IsPathRooted(f.Filename) || f.Filename.Split('/', '\\').Contains("..")) is { } strange)
            throw new CheckpointFormatException($"'{path}' lists asset '{strange.Filename}', which is no file of its assets folder.", CheckpointFault.BadMessage, path);
        return found;
    }

    /// <summary>Notes the files of one meta graph down in it; different files of one name are numbered.</summary>
    /// <exception cref="ArgumentException">A tensor is no constant path, or the graph lists an asset whose file is not among them.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    public void Describe(MetaGraphDef metaGraph, IEnumerable<Output> paths)
    {
        var described = new Dictionary<string, AssetFileDef>(StringComparer.Ordinal);
        foreach (Output path in paths)
            described[path.Name] = new AssetFileDef { TensorInfo = new TensorInfo { Name = path.Name }, Filename = Add(SourceOf(path)) };
        if (Of(metaGraph, "the graph").FirstOrDefault(a => a.TensorInfo is { } path && !described.ContainsKey(path.Name)) is { } left)
        {
            throw new ArgumentException(
                $"The graph lists asset '{left.Filename}' for tensor '{left.TensorInfo.Name}', which is not among the assets to save. Add the tensor to them, or clear collection '{Collection}'.",
                nameof(paths));
        }

        if (described.Count == 0)
            return;
        var definition = new CollectionDef { AnyList = new() };
        definition.AnyList.Value.AddRange(described.Values.Select(static d => Any.Pack(d)));
        metaGraph.CollectionDef[Collection] = definition;
    }

    /// <summary>Copies the files noted down so far.</summary>
    /// <exception cref="IOException">A file cannot be copied.</exception>
    public void CopyTo(AtomicFolder model)
    {
        foreach ((string name, string source) in _sources)
            model.Copy(source, SavedModel.AssetsFolder, name);
    }

    private static string SourceOf(Output path)
    {
        if (path.Operation.Type != "Const" || path.DType != DType.String)
            throw new ArgumentException($"An asset's path must be a string constant; '{path.Name}' is a {path.DType.Name()} tensor of operation {path.Operation.Type}.", nameof(path));
        Tensor value = path.Operation.Attributes.Tensor("value");
        if (value.Count != 1)
            throw new ArgumentException($"An asset's path must be one string; constant '{path.Name}' has shape {value.Shape}.", nameof(path));
        string source = Encoding.UTF8.GetString(value.Strings[0]);
        if (!File.Exists(source))
            throw new FileNotFoundException($"Asset '{path.Name}' names file '{source}', which does not exist.", source);
        return source;
    }

    private string Add(string source)
    {
        string basename = Path.GetFileName(source);
        string name = basename;
        for (int i = 1; _sources.TryGetValue(name, out string? other) && !HaveSameBytes(source, other); i++)
            name = $"{basename}_{i}";
        _sources.TryAdd(name, source);
        return name;
    }

    private static bool HaveSameBytes(string left, string right)
    {
        if (Path.GetFullPath(left) == Path.GetFullPath(right))
            return true;
        if (new FileInfo(left).Length != new FileInfo(right).Length)
            return false;
        using FileStream a = RegularFile.OpenRead(left);
        using FileStream b = RegularFile.OpenRead(right);
        Span<byte> first = stackalloc byte[4096];
        Span<byte> second = stackalloc byte[4096];
        while (true)
        {
            int count = a.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            if (b.ReadAtLeast(second, second.Length, throwOnEndOfStream: false) != count || !first[..count].SequenceEqual(second[..count]))
                return false;
            if (count < first.Length)
                return true;
        }
    }
}
