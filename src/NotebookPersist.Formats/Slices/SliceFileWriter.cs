using System.Globalization;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Google.Protobuf;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;

// file := table (grammar in TableWriter.cs) of
//     ""        -> SavedTensorSlices { meta: the tensors in the order in which they were added, each with its slices  versions }
//     slice key -> SavedTensorSlices { data: one slice }        key grammar in SliceKey.cs, value grammar in SliceMessage.cs

namespace NotebookPersist.Formats.Slices;

/// <summary>Writes one file of a V1 checkpoint, byte for byte as TensorFlow 1.15 does.</summary>
/// <remarks>
/// Tensors are noted down and written by <see cref="Finish"/>, in the order of their keys; until then they must not change. No
/// copy of them is made. The file appears under its name only when it is complete and on disk.
/// Thread safety: none.
/// </remarks>
public sealed partial class SliceFileWriter
{
    // A message of protobuf cannot be larger; TensorFlow estimates with so much for the lengths around the values.
    private const long MaxMessageByteCount = 1L << 31;
    private const long HeaderByteCount = 1 << 10;

    private readonly SavedTensorSliceMeta _list = new() { Versions = new VersionDef { Producer = BundleVersions.Current } };
    private readonly Dictionary<string, SavedSliceMeta> _tensors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<byte[], SliceMessage> _slices = new(ByteOrder.Instance);
    private readonly bool _durable;

    /// <summary>Starts a file; nothing is on disk before <see cref="Finish"/>.</summary>
    /// <param name="path">The file; for one of several, from <see cref="ShardPath"/>.</param>
    /// <param name="durable">False to leave it to the system when the bytes reach the disk.</param>
    public SliceFileWriter(string path, bool durable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        _durable = durable;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The name of one file of several, e.g. <c>model.ckpt-00001-of-00004</c>.</summary>
    public static string ShardPath(string prefix, int shard, int shardCount)
        => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{shard:D5}-of-{shardCount:D5}");

    /// <summary>Whether V1 has a stored form for values of a type: not for bfloat16, qint16, 32 and 64 bits without sign, resources and variants.</summary>
    public static bool CanStore(DType dtype) => dtype == DType.String || MaxByteCount(dtype) > 0;

    /// <summary>Adds a whole tensor. TensorFlow adds them in the order of their names.</summary>
    /// <exception cref="ArgumentException">The name was added before, is empty or not Unicode, or the type has no stored form.</exception>
    public void Add(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(name, tensor.Shape, TensorSlice.Full(tensor.Shape.Rank), tensor);
    }

    /// <summary>Adds one part of a partitioned tensor; the other parts may lie in other files of the checkpoint.</summary>
    /// <param name="name">The name of the whole tensor.</param>
    /// <param name="fullShape">The shape of the whole tensor, the same for all parts.</param>
    /// <param name="slice">Which part.</param>
    /// <param name="tensor">The part's values.</param>
    /// <exception cref="ArgumentException">
    /// Shapes or types disagree, the part was added before, the values are too many for one slice, the name is
    /// empty or not Unicode, or the type has no stored form.
    /// </exception>
    public void Add(string name, Shape fullShape, TensorSlice slice, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(fullShape);
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(tensor);
        byte[] bytes = TensorName.Encode(name);
        if (!Utf8.IsValid(bytes))
            throw new ArgumentException($"The name '{name}' is not UTF-8: in V1 checkpoints names are text. Save in format V2, or rename the tensor.", nameof(name));
        if (!CanStore(tensor.DType))
            throw new ArgumentException($"Tensor '{name}' of type '{tensor.DType.Name()}' has no stored form in V1 checkpoints. Save in format V2.", nameof(tensor));
        (_, long[] lengths) = slice.Resolve(fullShape.Dimensions);
        if (tensor.Shape != Shape.Create(lengths))
        {
            throw new ArgumentException(
                $"Slice in shape_and_slice specification does not match the shape of the tensor to save: '{slice}' of {fullShape}, tensor '{name}' {tensor.Shape}.",
                nameof(tensor));
        }

        SliceMessage message = new(bytes, slice, tensor);
        RequireSize(name, slice, tensor, message);
        SavedSliceMeta listed = Listed(name, fullShape, tensor.DType);
        if (!_slices.TryAdd(SliceKey.Encode(bytes, slice), message))
            throw new ArgumentException($"The slice '{slice}' of tensor '{name}' was added before.", nameof(slice));
        listed.Slice.Add(slice.ToProto());
    }

    /// <summary>Writes the file and makes it appear.</summary>
    /// <param name="cancellation">Checked between blocks; what was there before stays.</param>
    /// <exception cref="IOException">
    /// The file cannot be written, or a V2 checkpoint has its name; what was there before is unchanged.
    /// </exception>
    public void Finish(CancellationToken cancellation = default)
    {
        RequireNoBundle(Path);
        RequireNoBundle(ShardSuffix().Replace(Path, ""));
        Disk.CreateFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!); // A file has a folder.
        using (AtomicFile file = AtomicFile.Create(Path, _slices.Values.Sum(static s => s.ByteCount), _durable))
        {
            TableWriter table = new(file.Stream);
            table.Add([], new SavedTensorSlices { Meta = _list }.ToByteArray());
            foreach ((byte[] key, SliceMessage slice) in _slices)
            {
                cancellation.ThrowIfCancellationRequested();
                table.Add(key, slice.ByteCount, stream => slice.WriteTo(stream, cancellation));
            }

            table.Finish();
            file.Commit();
        }

        // What a process left that died while it wrote this file.
        foreach (string orphan in CheckpointPath.TemporaryFiles(Path).Where(static t => !AtomicFile.IsInUse(t)))
            Disk.Delete(orphan);
    }

    // What an element takes at most, as TensorFlow estimates; 0 where there is no form.
    private static int MaxByteCount(DType dtype) => dtype switch
    {
        DType.Bool => 1,
        DType.UInt8 or DType.QUInt8 => 2,
        DType.UInt16 or DType.QUInt16 or DType.Float16 => 3,
        DType.Float32 => 4,
        DType.Float64 or DType.Complex64 => 8,
        DType.Int8 or DType.QInt8 or DType.Int16 or DType.Int32 or DType.QInt32 or DType.Int64 => 10,
        DType.Complex128 => 16,
        _ => 0,
    };

    private static void RequireSize(string name, TensorSlice slice, Tensor tensor, SliceMessage message)
    {
        long estimate = HeaderByteCount + (tensor.DType == DType.String
            ? message.ByteCount + (tensor.Count * MaxByteCount(DType.Int32))
            : tensor.Count * MaxByteCount(tensor.DType));
        if (estimate > MaxMessageByteCount)
        {
            throw new ArgumentException(
                $"Tensor slice is too large to serialize (conservative estimate: {estimate} bytes): '{slice}' of tensor '{name}'. Save in format V2, or in more parts.",
                nameof(tensor));
        }
    }

    // Readers take the V2 checkpoint where both are there: the new values would never be seen.
    private static void RequireNoBundle(string prefix)
    {
        if (File.Exists(prefix + ".index"))
        {
            throw new IOException(
                $"Cannot save a V1 checkpoint to '{prefix}': the V2 checkpoint '{prefix}.index' has that name, and readers would take it instead. "
                + "Delete it or save to another name.");
        }
    }

    private SavedSliceMeta Listed(string name, Shape fullShape, DType dtype)
    {
        if (!_tensors.TryGetValue(name, out SavedSliceMeta? listed))
        {
            listed = new SavedSliceMeta { Name = name, Shape = fullShape.ToProto(), Type = (DataType)dtype };
            _tensors.Add(name, listed);
            _list.Tensor.Add(listed);
        }
        else if (listed.Shape.ToShape() != fullShape)
        {
            throw new ArgumentException(
                $"Mismatching shapes: existing tensor = {listed.Shape.ToShape()}, trying to add name '{name}', shape = {fullShape}.", nameof(fullShape));
        }
        else if ((DType)listed.Type != dtype)
        {
            throw new ArgumentException(
                $"Mismatching types: existing type = {((DType)listed.Type).SignatureName()}, trying to add name '{name}', type = {dtype.SignatureName()}.", nameof(dtype));
        }

        return listed;
    }

    [GeneratedRegex(@"-\d{5,}-of-\d{5,}$", RegexOptions.CultureInvariant)]
    private static partial Regex ShardSuffix();
}
