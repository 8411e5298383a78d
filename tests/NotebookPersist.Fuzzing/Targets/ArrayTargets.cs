using System.Buffers.Binary;
using System.IO.Compression;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Formats.SafeTensors;
using NotebookPersist.Fuzzing.Mutation;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>Files of other tools that hold arrays.</summary>
internal abstract class ArrayTarget(string name, string file, string pattern) : FuzzTarget(name)
{
    protected string File { get; } = file;

    protected static IReadOnlyDictionary<string, Tensor> Samples { get; } = new Dictionary<string, Tensor>
    {
        ["layer/kernel"] = Tensor.Of<float>(new long[] { 2, 3 }, [1, 2, 3, 4, 5, 6]),
        ["step"] = Tensor.Scalar(7L),
        ["flags"] = Tensor.Of<bool>(new long[] { 3 }, [true, false, true]),
        ["empty"] = Tensor.Zeros(DType.Float64, new long[] { 0, 2 }),
        ["wide"] = Tensor.Of<double>(new long[] { 2, 1, 2 }, [0.5, double.NaN, -1, 1e300]),
    };

    public override IEnumerable<FuzzInput> Seeds(Corpus corpus)
    {
        foreach (string path in corpus.Files(pattern))
            yield return FuzzInput.Of((File, System.IO.File.ReadAllBytes(path)));
        string folder = Directory.CreateTempSubdirectory("notebookpersist-fuzzing-").FullName;
        try
        {
            foreach (byte[] own in Own(folder))
                yield return FuzzInput.Of((File, own));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    protected abstract IEnumerable<byte[]> Own(string folder);

    protected static List<(string Name, Tensor Value)> ReadAll(TensorFileReader reader, Action<long> accept)
    {
        var tensors = new List<(string Name, Tensor Value)>();
        foreach (CheckpointEntry entry in reader.Entries)
        {
            Tensor tensor = reader.Read(entry.Name);
            accept(tensor.ByteCount + (tensor.DType == DType.String ? 48L * tensor.Count : 0));
            tensors.Add((entry.Name, tensor));
        }

        return tensors;
    }
}

/// <summary>safetensors: the header's text changes, its length follows.</summary>
internal sealed class SafeTensorsTarget() : ArrayTarget("safetensors", "m.safetensors", "*.safetensors")
{
    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator)
    {
        byte[] file = seed.Files[File];
        ulong length = file.Length < 8 ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (mutator.Chance(6) || length > (ulong)(file.Length - 8))
            return seed.With(File, mutator.Bytes(file, other.Files[File]));
        byte[] header = mutator.Text(file[8..(8 + (int)length)], other.Files[File]);
        byte[] size = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(size, (ulong)header.Length);
        return seed.With(File, [.. size, .. header, .. file[(8 + (int)length)..]]);
    }

    public override object Read(string folder, Action<long> accept)
    {
        using SafeTensorsReader reader = SafeTensorsReader.Open(Path.Combine(folder, File));
        return ReadAll(reader, accept);
    }

    public override void Rewrite(object value, string folder)
    {
        try
        {
            SafeTensorsWriter.Write(Path.Combine(folder, File), ((List<(string Name, Tensor Value)>)value).ToDictionary(static t => t.Name, static t => t.Value));
        }
        catch (ArgumentException)
        {
            // Names that a writer refuses.
        }
    }

    protected override IEnumerable<byte[]> Own(string folder)
    {
        string path = Path.Combine(folder, File);
        SafeTensorsWriter.Write(path, Samples, new Dictionary<string, string> { ["format"] = "pt" });
        yield return System.IO.File.ReadAllBytes(path);
    }
}

/// <summary>NumPy's arrays: the header's text changes, its length follows.</summary>
internal sealed class NpyTarget() : ArrayTarget("npy", "m.npy", "*.npy")
{
    /// <summary>Changes one array.</summary>
    public static byte[] Mutate(byte[] file, byte[] other, Mutator mutator)
    {
        int length = file.Length < 10 ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        if (mutator.Chance(6) || length > file.Length - 10)
            return mutator.Bytes(file, other);
        byte[] header = mutator.Text(file[10..(10 + length)], []);
        if (header.Length > ushort.MaxValue)
            return file;
        byte[] size = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)header.Length);
        return [.. file[..8], .. size, .. header, .. file[(10 + length)..]];
    }

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator) => seed.With(File, Mutate(seed.Files[File], other.Files[File], mutator));

    public override object Read(string folder, Action<long> accept)
    {
        Tensor tensor = NpyFile.Read(Path.Combine(folder, File));
        accept(tensor.ByteCount + (tensor.DType == DType.String ? 48L * tensor.Count : 0));
        return tensor;
    }

    public override void Rewrite(object value, string folder)
    {
        try
        {
            NpyFile.Write(Path.Combine(folder, File), (Tensor)value);
        }
        catch (ArgumentException)
        {
            // Strings that end in zeros.
        }
    }

    protected override IEnumerable<byte[]> Own(string folder)
    {
        string path = Path.Combine(folder, File);
        foreach (Tensor sample in Samples.Values.Append(Tensor.OfStrings(new long[] { 2 }, ["a"u8.ToArray(), "bcd"u8.ToArray()])))
        {
            NpyFile.Write(path, sample);
            yield return System.IO.File.ReadAllBytes(path);
        }
    }
}

/// <summary>NumPy's archives: arrays change inside a whole archive, or the archive itself.</summary>
internal sealed class NpzTarget() : ArrayTarget("npz", "m.npz", "*.npz")
{
    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator)
    {
        byte[] file = seed.Files[File];
        if (mutator.Chance(3))
            return seed.With(File, mutator.Bytes(file, other.Files[File]));
        using var changed = new MemoryStream();
        try
        {
            using var source = new ZipArchive(new MemoryStream(file));
            using var target = new ZipArchive(changed, ZipArchiveMode.Create, leaveOpen: true);
            int at = mutator.Random.Next(Math.Max(1, source.Entries.Count));
            for (int i = 0; i < source.Entries.Count; i++)
            {
                using var content = new MemoryStream();
                using (Stream entry = source.Entries[i].Open())
                    entry.CopyTo(content);
                byte[] array = i == at ? NpyTarget.Mutate(content.ToArray(), file, mutator) : content.ToArray();
                string name = i == at && mutator.Chance(6) ? source.Entries[0].FullName + (mutator.Chance(2) ? "/../x" : "") : source.Entries[i].FullName;
                using Stream written = target.CreateEntry(name, mutator.Chance(3) ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                written.Write(array);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return seed.With(File, mutator.Bytes(file, other.Files[File]));
        }

        return seed.With(File, changed.ToArray());
    }

    public override object Read(string folder, Action<long> accept)
    {
        using NpzReader reader = NpzReader.Open(Path.Combine(folder, File));
        return ReadAll(reader, accept);
    }

    public override void Rewrite(object value, string folder)
    {
        try
        {
            using NpzWriter writer = NpzWriter.Create(Path.Combine(folder, File));
            foreach ((string name, Tensor tensor) in (List<(string Name, Tensor Value)>)value)
                writer.Add(name, tensor);
            writer.Finish();
        }
        catch (ArgumentException)
        {
            // Names and strings that a writer refuses.
        }
    }

    protected override IEnumerable<byte[]> Own(string folder)
    {
        string path = Path.Combine(folder, File);
        using (NpzWriter writer = NpzWriter.Create(path))
        {
            foreach ((string name, Tensor sample) in Samples)
                writer.Add(name, sample);
            writer.Finish();
        }

        yield return System.IO.File.ReadAllBytes(path);
    }
}
