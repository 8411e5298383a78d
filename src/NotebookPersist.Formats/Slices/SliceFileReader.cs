using Google.Protobuf;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Slices;

/// <summary>Reads V1 checkpoints: one or more tables of slices.</summary>
/// <remarks>
/// The format is told in <c>Slices/FORMAT.md</c>. Values lie in the table's blocks, whose checksums are always verified.
/// Thread safety: reads may run concurrently.
/// </remarks>
public sealed class SliceFileReader : CheckpointReader
{
    private readonly IReadOnlyList<TableReader> _files;
    private readonly Dictionary<string, List<int>> _fileOfSlice;

    private SliceFileReader(CheckpointPath path, Contents contents)
        : base(path.Prefix, path.Kind, contents.Entries)
    {
        _files = contents.Files;
        _fileOfSlice = contents.FileOfSlice;
    }

    /// <summary>How many files the checkpoint has.</summary>
    public int ShardCount => _files.Count;

    /// <summary>Opens all files of a V1 checkpoint and reads their lists of tensors.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">A file is no V1 checkpoint or is damaged.</exception>
    public static SliceFileReader Open(CheckpointPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        List<TableReader> files = [];
        try
        {
            foreach (string file in path.SliceFiles())
                files.Add(OpenTable(file));
            return new SliceFileReader(path, Contents.Read(files));
        }
        catch
        {
            foreach (TableReader file in files)
                file.Dispose();
            throw;
        }
    }

    private protected override Tensor ReadWhole(CheckpointEntry entry, CancellationToken cancellation)
        => ReadPart(entry, new long[entry.Shape.Rank], entry.Shape.ToArray(), cancellation);

    private protected override Tensor ReadPart(CheckpointEntry entry, long[] starts, long[] lengths, CancellationToken cancellation)
    {
        CheckpointEntry parts = entry.IsPartitioned ? entry : entry with { Slices = [TensorSlice.Full(entry.Shape.Rank)] };
        if (!entry.DType.HasFixedSize() && entry.DType != DType.String)
            throw Fault(CheckpointFault.Unsupported, entry.Name, $"values of type '{entry.DType.Name()}' cannot be read", Prefix);
        Int128 byteCount = Math.Max(1, entry.DType.Size());
        foreach (long length in lengths)
            byteCount *= length;
        if (byteCount > Array.MaxLength)
            throw Fault(CheckpointFault.LimitExceeded, entry.Name, $"its {byteCount} bytes are more than the {Array.MaxLength} that one tensor can hold", Prefix);
        if (_fileOfSlice[entry.Name].Count == 0)
            throw Fault(CheckpointFault.BadSlices, entry.Name, "Error copying slice data: the file lists it without any slice", Prefix);
        Tensor Load(int i)
        {
            cancellation.ThrowIfCancellationRequested();
            return ReadSlice(entry, parts.Slices[i], _fileOfSlice[entry.Name][i]);
        }

        return SliceAssembly.Read(parts, starts, lengths, Load, null, Prefix, "Error copying slice data");
    }

    private protected override void CloseFiles()
    {
        foreach (TableReader file in _files)
            file.Dispose();
    }

    private static TableReader OpenTable(string path)
    {
        try
        {
            return TableReader.Open(path);
        }
        catch (CheckpointFormatException e)
        {
            throw new CheckpointFormatException(
                $"Unable to open table file '{path}'. {e.Message} Perhaps it is in a different file format: a V2 checkpoint is opened by its prefix.",
                e.Fault,
                path,
                e.ByteOffset,
                e);
        }
    }

    private static SavedTensorSlices Parse(TableEntry row, string path)
    {
        try
        {
            return SavedTensorSlices.Parser.ParseFrom(row.Value.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{path}': the entry in the block at byte {row.BlockOffset} is not parseable: {e.Message}",
                CheckpointFault.BadMessage,
                path,
                row.BlockOffset,
                e);
        }
    }

    private static CheckpointFormatException Fault(CheckpointFault fault, string name, string problem, string path)
        => new($"Cannot read tensor '{name}' of '{path}': {problem}.", fault, path);

    private Tensor ReadSlice(CheckpointEntry entry, TensorSlice slice, int fileIndex)
    {
        TableReader file = _files[fileIndex];
        if (!file.TryGet(SliceKey.Encode(TensorName.Encode(entry.Name), slice), out TableEntry row))
            throw Fault(CheckpointFault.BadSlices, entry.Name, $"Error copying slice data: the slice '{slice}' is listed but not there", file.Path);
        SavedSlice? saved = Parse(row, file.Path).Data;
        if (saved?.Data is null)
            throw Fault(CheckpointFault.BadStructure, entry.Name, $"the entry of slice '{slice}' holds no data", file.Path);
        (_, long[] lengths) = slice.Resolve(entry.Shape.Dimensions);
        Shape shape = Shape.Create(lengths);

        // TensorFlow takes the values from the field of their type and never from a memory image.
        saved.Data.TensorContent = ByteString.Empty;
        int given = TensorProtos.ValueCount(saved.Data, entry.DType);
        return given == shape.ElementCount
            ? TensorProtos.Decode(saved.Data, entry.DType, shape, file.Path)
            : throw Fault(CheckpointFault.BadStructure, entry.Name, $"the slice '{slice}' has {given} values, expected {shape.ElementCount}", file.Path);
    }

    // The tensors of all files, and for each tensor the file of each of its slices.
    private sealed record Contents(IReadOnlyList<TableReader> Files, IReadOnlyList<CheckpointEntry> Entries, Dictionary<string, List<int>> FileOfSlice)
    {
        public static Contents Read(IReadOnlyList<TableReader> files)
        {
            SortedDictionary<byte[], CheckpointEntry> entries = new(ByteOrder.Instance);
            Dictionary<string, List<int>> fileOfSlice = new(StringComparer.Ordinal);
            for (int i = 0; i < files.Count; i++)
            {
                SavedTensorSliceMeta meta = ReadMeta(files[i]);
                BundleVersions.Require(meta.Versions, files[i].Path);
                foreach (SavedSliceMeta tensor in meta.Tensor)
                {
                    byte[] key = TensorName.Encode(tensor.Name);
                    CheckpointEntry entry = Describe(tensor, files[i].Path);
                    entries[key] = entries.TryGetValue(key, out CheckpointEntry? known) ? Merge(known, entry, files[i].Path) : entry;
                    if (!fileOfSlice.TryGetValue(tensor.Name, out List<int>? origin))
                        fileOfSlice.Add(tensor.Name, origin = []);
                    origin.AddRange(Enumerable.Repeat(i, tensor.Slice.Count));
                }
            }

            // One slice of everything is a tensor stored whole.
            CheckpointEntry[] shown =
            [
                .. entries.Values.Select(static entry => entry.Slices is [{ IsFull: true }] ? entry with { Slices = [] } : entry),
            ];
            return new Contents(files, shown, fileOfSlice);
        }

        private static SavedTensorSliceMeta ReadMeta(TableReader file)
        {
            try
            {
                if (file.TryGet([], out TableEntry row) && Parse(row, file.Path).Meta is SavedTensorSliceMeta meta)
                    return meta;
            }
            catch (CheckpointFormatException e)
            {
                throw NoMeta(file.Path, e.Message, e.Fault, e.ByteOffset, e);
            }

            throw NoMeta(file.Path, "The first entry is missing.", CheckpointFault.BadStructure, null, null);
        }

        private static CheckpointFormatException NoMeta(string path, string problem, CheckpointFault fault, long? offset, Exception? inner)
            => new($"Failed to find the saved tensor slices at the beginning of the checkpoint file: '{path}'. {problem}", fault, path, offset, inner);

        private static CheckpointEntry Describe(SavedSliceMeta tensor, string path)
        {
            Shape shape = ShapeProtos.ToConcreteShape(tensor.Shape, tensor.Name, path);
            TensorSlice[] slices = [.. tensor.Slice.Select(TensorSlice.FromProto)];
            if (Array.Find(slices, slice => slice.Rank != shape.Rank) is TensorSlice other)
                throw Fault(CheckpointFault.BadSlices, tensor.Name, $"the slice '{other}' has another rank than the shape {shape}", path);
            DType dtype = (DType)tensor.Type;
            long byteCount = shape.ElementCount > long.MaxValue / Math.Max(1, dtype.Size()) ? long.MaxValue : shape.ElementCount * dtype.Size();
            return new CheckpointEntry(tensor.Name, dtype, shape, byteCount, slices);
        }

        private static CheckpointEntry Merge(CheckpointEntry known, CheckpointEntry next, string path)
            => known.DType == next.DType && known.Shape == next.Shape
                ? known with { Slices = [.. known.Slices, .. next.Slices] }
                : throw Fault(
                    CheckpointFault.BadSlices,
                    next.Name,
                    $"it is {next.DType.Name()} {next.Shape} here and {known.DType.Name()} {known.Shape} in another file",
                    path);
    }
}
