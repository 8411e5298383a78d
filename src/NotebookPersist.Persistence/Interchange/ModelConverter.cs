using System.Diagnostics;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.SafeTensors;
using NotebookPersist.Formats.Slices;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Converts between files of models: tensors of any kind to checkpoints, safetensors and NumPy's files, graphs to text and back.</summary>
/// <remarks>
/// Types, shapes and bits of all values stay as they are; what a target cannot hold is refused by name before anything is written.
/// One tensor is in memory at a time, but for V1 checkpoints, which take all. Thread safety: all members may be called from any thread.
/// </remarks>
public static class ModelConverter
{
    // Enough to see which they are without burying the remedy.
    private const int MostListed = 10;

    /// <summary>Converts a file, whole or not at all.</summary>
    /// <param name="source">A checkpoint by any of its names, a graph, a meta graph, a SavedModel, or an .npz, .npy or .safetensors file.</param>
    /// <param name="target">A file with one of these extensions, or the prefix of a checkpoint.</param>
    /// <param name="options">What to convert; by default all.</param>
    /// <param name="cancellation">Stops the work; nothing is written.</param>
    /// <exception cref="FileNotFoundException">There is no source.</exception>
    /// <exception cref="CheckpointFormatException">The source is damaged.</exception>
    /// <exception cref="ArgumentException">The target cannot hold a tensor, two would have one name, a name is not there, or the kind of the target is unknown.</exception>
    /// <exception cref="IOException">The target cannot be written; what was there before is unchanged.</exception>
    public static ConversionReport Convert(string source, string target, ConversionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        options ??= new ConversionOptions();
        ModelKind? kind = options.To ?? KindOfTarget(target, options.AsText);
        ConversionTarget.Require(source, target, kind, options.Replace);
        if (kind is null or ModelKind.GraphDef or ModelKind.MetaGraph or ModelKind.SavedModel)
            return ConvertGraph(source, target, kind, options);
        using TensorSource opened = TensorSource.Open(source);
        return Write(opened, target, kind.Value, options, cancellation);
    }

    /// <summary>Looks at the target of a conversion before anything is read; makes its folder.</summary>
    /// <exception cref="ArgumentException">The kind of the target is unknown, or it is a folder, the source, or there already and not to be replaced.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static void RequireTarget(string source, string target, ConversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ConversionTarget.Require(source, target, options.To ?? KindOfTarget(target, options.AsText), options.Replace);
    }

    /// <summary>Writes tensors, whole or not at all.</summary>
    /// <param name="source">The tensors; stays open.</param>
    /// <param name="target">A file with the extension of its kind, or the prefix of a checkpoint.</param>
    /// <param name="options">What to write; by default all.</param>
    /// <param name="cancellation">Stops the work; nothing is written.</param>
    /// <exception cref="ArgumentException">As for <see cref="Convert"/>.</exception>
    /// <exception cref="IOException">The target cannot be written; what was there before is unchanged.</exception>
    public static ConversionReport Write(TensorSource source, string target, ConversionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        options ??= new ConversionOptions();
        ModelKind kind = options.To ?? KindOfTarget(target, options.AsText) ?? throw new ArgumentException($"'{target}' would be a graph; tensors were given.", nameof(target));
        ConversionTarget.Require(null, target, kind, options.Replace);
        return Write(source, target, kind, options, cancellation);
    }

    private static ConversionReport Write(TensorSource source, string target, ModelKind kind, ConversionOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<CheckpointEntry> chosen = NamePattern.Choose(source.Entries, static e => e.Name, options.Names, source.Path);
        IReadOnlyList<(CheckpointEntry Entry, string NewName)> renamed = Rename(source, chosen, options.Map);
        var taken = new List<(CheckpointEntry Entry, string NewName)>();
        var skipped = new List<SkippedTensor>();
        foreach ((CheckpointEntry entry, string newName) in renamed)
        {
            string? damage = options.Skip ? DamageOf(source, entry, cancellation) : null;
            if ((damage ?? WhyNot(kind, newName, entry, source, cancellation)) is { } reason)
                skipped.Add(new SkippedTensor(entry.Name, reason));
            else
                taken.Add((entry, newName));
        }

        if (skipped.Count > 0 && !options.Skip)
            throw new ArgumentException(Refusal(kind, target, skipped), nameof(target));
        if (kind == ModelKind.Npy && taken.Count != 1)
            throw new ArgumentException($"A .npy file holds one array, chosen are {taken.Count} tensors. Name one of them, or write an .npz file.", nameof(options));
        IReadOnlyList<ConvertedTensor> written = kind switch
        {
            ModelKind.SafeTensors => WriteSafeTensors(source, target, taken, cancellation),
            ModelKind.Npz => WriteNpz(source, target, taken, cancellation),
            ModelKind.Npy => WriteNpy(source, target, taken[0], cancellation),
            ModelKind.CheckpointV2 => WriteBundle(source, target, taken, cancellation),
            ModelKind.CheckpointV1 => WriteSlices(source, target, taken, cancellation),
            _ => throw new ArgumentException($"Tensors cannot be written as {kind.Name()}. Choose checkpoint-v2, checkpoint-v1, safetensors, npz or npy.", nameof(options)),
        };
        return new ConversionReport(source.Path, source.KindName, target, kind.Name(), written, skipped, Stopwatch.GetElapsedTime(start));
    }

    private static List<(CheckpointEntry Entry, string NewName)> Rename(TensorSource source, IReadOnlyList<CheckpointEntry> chosen, IReadOnlyDictionary<string, string> map)
    {
        HashSet<string> known = [.. chosen.Select(static e => e.Name)];
        if (map.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
            throw new ArgumentException($"'{unknown}' is to be renamed but is not among the chosen tensors of '{source.Path}'.{NearNames.Hint(unknown, known)}", nameof(map));
        var renamed = new List<(CheckpointEntry Entry, string NewName)>(chosen.Count);
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (CheckpointEntry entry in chosen)
        {
            string name = map.GetValueOrDefault(entry.Name, entry.Name);
            if (name.Length == 0)
                throw new ArgumentException($"'{entry.Name}' is to be renamed to nothing.", nameof(map));
            if (!origins.TryAdd(name, entry.Name))
                throw new ArgumentException($"'{origins[name]}' and '{entry.Name}' would both be called '{name}'.", nameof(map));
            renamed.Add((entry, name));
        }

        return renamed;
    }

    private static string? DamageOf(TensorSource source, CheckpointEntry entry, CancellationToken cancellation)
    {
        try
        {
            source.Read(entry.Name, cancellation);
            return null;
        }
        catch (CheckpointFormatException fault)
        {
            return fault.Message;
        }
    }

    private static string? WhyNot(ModelKind kind, string name, CheckpointEntry entry, TensorSource source, CancellationToken cancellation) => kind switch
    {
        ModelKind.SafeTensors => SafeTensorTypes.WhyNot(name, entry.DType),

        // Whether strings fit depends on them.
        ModelKind.Npz when NpzWriter.WhyNot(name) is { } reason => reason,
        ModelKind.Npz or ModelKind.Npy => entry.DType == DType.String ? NpyFile.WhyNot(source.Read(entry.Name, cancellation)) : NpyFile.WhyNot(entry.DType),
        ModelKind.CheckpointV1 => SliceFileWriter.CanStore(entry.DType) ? null : $"V1 has no stored form for {entry.DType.Name()}",
        _ => entry.DType.HasFixedSize() || entry.DType == DType.String ? null : $"values of type {entry.DType.Name()} have no stored form",
    };

    private static string Refusal(ModelKind kind, string target, List<SkippedTensor> skipped)
    {
        string listed = string.Join("; ", skipped.Take(MostListed).Select(static s => $"'{s.Name}' ({s.Reason})"));
        string more = skipped.Count > MostListed ? $"; and {skipped.Count - MostListed} more" : "";
        return $"{kind.Name()} '{target}' cannot hold {skipped.Count} of the tensors: {listed}{more}. Nothing was written. Leave them out (--skip), choose others, or choose another kind.";
    }

    private static List<ConvertedTensor> WriteSafeTensors(
        TensorSource source, string target, List<(CheckpointEntry Entry, string NewName)> taken, CancellationToken cancellation)
    {
        Dictionary<string, CheckpointEntry> origins = taken.ToDictionary(static t => t.NewName, static t => t.Entry, StringComparer.Ordinal);
        var written = new List<ConvertedTensor>(taken.Count);
        CheckpointEntry[] announced = [.. taken.Select(t => t.Entry.Shape.IsFullyKnown ? t.Entry with { Name = t.NewName } : Measured(source, t, cancellation))];
        SafeTensorsWriter.Write(
            target,
            announced,
            entry => Read(source, origins[entry.Name], entry.Name, written, cancellation),
            new Dictionary<string, string> { ["format"] = "tf" },
            cancellation);
        return written;
    }

    // A variable whose shape is open has one as soon as it has a value.
    private static CheckpointEntry Measured(TensorSource source, (CheckpointEntry Entry, string NewName) tensor, CancellationToken cancellation) =>
        tensor.Entry with { Name = tensor.NewName, Shape = source.Read(tensor.Entry.Name, cancellation).Shape };

    private static List<ConvertedTensor> WriteNpz(TensorSource source, string target, List<(CheckpointEntry Entry, string NewName)> taken, CancellationToken cancellation)
    {
        var written = new List<ConvertedTensor>(taken.Count);
        using NpzWriter writer = NpzWriter.Create(target);
        foreach ((CheckpointEntry entry, string newName) in taken)
            writer.Add(newName, Read(source, entry, newName, written, cancellation), cancellation);
        writer.Finish();
        return written;
    }

    private static List<ConvertedTensor> WriteNpy(TensorSource source, string target, (CheckpointEntry Entry, string NewName) taken, CancellationToken cancellation)
    {
        var written = new List<ConvertedTensor>(1);
        NpyFile.Write(target, Read(source, taken.Entry, taken.NewName, written, cancellation), cancellation);
        return written;
    }

    private static List<ConvertedTensor> WriteBundle(TensorSource source, string target, List<(CheckpointEntry Entry, string NewName)> taken, CancellationToken cancellation)
    {
        var written = new List<ConvertedTensor>(taken.Count);
        using BundleWriter writer = BundleWriter.Create(target, Totals.Of(taken.Select(static t => t.Entry.ByteCount)));
        foreach ((CheckpointEntry entry, string newName) in taken.OrderBy(static t => t.NewName, StringComparer.Ordinal))
            writer.Add(newName, Read(source, entry, newName, written, cancellation), cancellation);
        writer.Finish();
        return written;
    }

    // The format's first key lists all tensors, so that they are gathered before they are written.
    private static List<ConvertedTensor> WriteSlices(TensorSource source, string target, List<(CheckpointEntry Entry, string NewName)> taken, CancellationToken cancellation)
    {
        var written = new List<ConvertedTensor>(taken.Count);
        var writer = new SliceFileWriter(target);
        foreach ((CheckpointEntry entry, string newName) in taken.OrderBy(static t => t.NewName, StringComparer.Ordinal))
            writer.Add(newName, Read(source, entry, newName, written, cancellation));
        writer.Finish(cancellation);
        return written;
    }

    private static Tensor Read(TensorSource source, CheckpointEntry entry, string newName, List<ConvertedTensor> written, CancellationToken cancellation)
    {
        Tensor tensor;
        try
        {
            tensor = source.Read(entry.Name, cancellation);
        }
        catch (CheckpointFormatException fault)
        {
            throw new CheckpointFormatException($"{fault.Message} Nothing was written. Leave out what is damaged (--skip), or choose other tensors.", fault.Fault, fault.Path, fault.ByteOffset, fault);
        }

        written.Add(new ConvertedTensor(entry.Name, newName, tensor.DType, tensor.Shape, tensor.ByteCount));
        return tensor;
    }

    // Null for a graph of the source's own kind. A name without an extension of ours is the prefix of a checkpoint.
    private static ModelKind? KindOfTarget(string target, bool? asText)
    {
        if (asText is not null)
            return null;
        string extension = Path.GetExtension(target).ToLowerInvariant();
        return extension switch
        {
            ".safetensors" => ModelKind.SafeTensors,
            ".npz" => ModelKind.Npz,
            ".npy" => ModelKind.Npy,
            ".pb" or ".pbtxt" or ".meta" => null,
            ".index" or ".data" => throw new ArgumentException($"'{target}' names one file of a checkpoint. Give its prefix: the name without '{extension}'.", nameof(target)),
            "" => ModelKind.CheckpointV2,
            _ when extension.StartsWith(".ckpt", StringComparison.Ordinal) => ModelKind.CheckpointV2,
            _ => throw new ArgumentException(
                $"'{target}' does not tell what to write: '{extension}' is the extension of no kind that can be written. Name the kind (--to): v2, v1, safetensors, npz, npy, pb or pbtxt.",
                nameof(target)),
        };
    }

    private static ConversionReport ConvertGraph(string source, string target, ModelKind? wanted, ConversionOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        if (options.Names is not null || options.Map.Count > 0)
            throw new ArgumentException($"'{target}' would be a graph: names can be chosen and changed of tensors only.", nameof(options));
        ModelKind kind = ModelKinds.Of(source);
        if (wanted is not null && wanted != kind)
            throw new ArgumentException($"A {kind.Name()} cannot be converted to a {wanted.Value.Name()}.", nameof(options));
        if (Directory.Exists(source))
            source = SavedModelFile(source);
        bool asText = options.AsText ?? target.EndsWith(".pbtxt", StringComparison.OrdinalIgnoreCase);
        var unknown = new List<string>();
        int nodeCount = kind switch
        {
            ModelKind.GraphDef => Rewrite<GraphDef>(source, target, asText, options.Strict, unknown).Node.Count,
            ModelKind.MetaGraph => Rewrite<MetaGraphDef>(source, target, asText, options.Strict, unknown).GraphDef?.Node.Count ?? 0,
            ModelKind.SavedModel => Rewrite<Protos.SavedModel>(source, target, asText, options.Strict, unknown).MetaGraphs.Sum(static m => m.GraphDef?.Node.Count ?? 0),
            _ => throw new ArgumentException(
                $"'{source}' holds tensors ({kind.Name()}) and no graph, which '{target}' would be. Give the checkpoint's .meta file, or another target.", nameof(source)),
        };
        return new ConversionReport(source, kind.Name(), target, $"{kind.Name()} as {(asText ? "text" : "binary")}", [], [], Stopwatch.GetElapsedTime(start))
        {
            NodeCount = nodeCount,
            LostFields = LaterFields.Counted(unknown),
        };
    }

    private static string SavedModelFile(string folder)
    {
        string binary = Path.Combine(folder, "saved_model.pb");
        return File.Exists(binary) ? binary : Path.Combine(folder, "saved_model.pbtxt");
    }

    private static T Rewrite<T>(string source, string target, bool asText, bool strict, List<string> lost)
        where T : IMessage<T>, new()
    {
        // In text a field that is not known is an error with its place.
        var unknown = new List<string>();
        T message = MessageFile.Read<T>(source, skipUnknownFields: !strict, unknown);
        bool wasText = MessageFile.IsTextFile(source);
        if (asText && strict && unknown.Count > 0)
        {
            throw new ArgumentException(
                $"'{source}' holds fields of a later release, which text cannot name: {string.Join(", ", LaterFields.Counted(unknown))}. Nothing was written. Leave out --strict, which loses them, or keep the binary form.",
                nameof(source));
        }

        // From binary to binary they are copied.
        if (asText || wasText)
            lost.AddRange(unknown);
        MessageFile.Write(target, message, asText);
        return message;
    }
}
