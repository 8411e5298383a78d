using System.Globalization;
using System.Numerics;
using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Slices;

namespace NotebookPersist.Tests.Formats;

/// <summary>What TensorFlow 1.15.5 was told to write for a golden checkpoint: the same can be told our writers.</summary>
internal sealed class GoldenSpec
{
    private readonly string _path;
    private readonly List<WrittenFile> _files = [];

    private GoldenSpec(string path) => _path = path;

    public bool IsOld { get; private set; }

    public string? MergedPrefix { get; private set; }

    public IReadOnlyList<WrittenFile> Files => _files;

    /// <summary>The whole tensors, however they were cut, in the order of the specification.</summary>
    public IEnumerable<Item> Tensors => _files.SelectMany(static f => f.Items).DistinctBy(static i => i.Name);

    public static GoldenSpec Read(GoldenCheckpoint golden)
    {
        var spec = new GoldenSpec(Path.Combine(golden.Folder, "spec.txt"));

        // Bytes that are not ASCII become one character each, which is what unescaping takes.
        foreach (string line in File.ReadLines(spec._path, Encoding.Latin1).Where(static l => l.Length > 0 && l[0] != '#'))
            spec.ReadLine(line.Split(' '));
        return spec;
    }

    /// <summary>Writes the specification into a folder.</summary>
    public void Write(TemporaryFolder folder)
    {
        foreach (WrittenFile file in _files)
        {
            if (IsOld)
                WriteOld(folder[file.Prefix], file);
            else
                WriteBundle(folder[file.Prefix], file);
        }

        if (MergedPrefix is { } merged)
            BundleMerger.Merge([.. _files.Select(f => folder[f.Prefix])], folder[merged]);
    }

    private static void WriteOld(string path, WrittenFile file)
    {
        SliceFileWriter writer = new(path);
        foreach (Item item in file.Items)
        {
            if (item.Slice is null)
                writer.Add(item.Name, item.Values());
            else
                writer.Add(item.Name, item.FullShape, item.Slice, item.Values());
        }

        writer.Finish();
    }

    private static void WriteBundle(string prefix, WrittenFile file)
    {
        using BundleWriter writer = BundleWriter.Create(prefix, 0, file.Alignment);
        foreach (Item item in file.Items)
        {
            if (item.Slice is null)
                writer.Add(item.Name, item.Values());
            else
                writer.Add(item.Name, item.FullShape, item.Slice, item.Values());
        }

        writer.Finish();
    }

    private static string Name(string escaped) => TensorName.Decode(GoldenCheckpoint.Unescape(escaped));

    private static DType Type(string name) => Enum.GetValues<DType>().Single(d => d != DType.Invalid && d.SignatureName() == name);

    private static Shape ShapeOf(string text) => text == "scalar"
        ? Shape.Scalar
        : Shape.Create([.. text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static d => long.Parse(d, CultureInfo.InvariantCulture))]);

    private void ReadLine(string[] words)
    {
        switch (words[0])
        {
            case "format":
                IsOld = words[1] == "v1";
                break;
            case "writer":
                _files.Add(new WrittenFile(words[1], words.Length > 2 ? int.Parse(words[2], CultureInfo.InvariantCulture) : 1, []));
                break;
            case "merge":
                MergedPrefix = words[1];
                break;
            case "tensor":
                Add(new Item(Name(words[1]), Type(words[2]), ShapeOf(words[3]), null, words[4]));
                break;
            case "slice":
                Add(new Item(Name(words[1]), Type(words[2]), ShapeOf(words[3]), TensorSlice.Parse(words[4]), words[5]));
                break;
            case "many":
                for (int k = 0; k < int.Parse(words[2], CultureInfo.InvariantCulture); k++)
                {
                    string name = words[1].Replace("%05d", k.ToString("D5", CultureInfo.InvariantCulture), StringComparison.Ordinal);
                    string formula = words[5].Replace("K", k.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
                    Add(new Item(Name(name), Type(words[3]), ShapeOf(words[4]), null, formula));
                }

                break;
            default:
                throw new FormatException($"'{words[0]}' in '{_path}' is no command.");
        }
    }

    private void Add(Item item) => _files[^1].Items.Add(item);

    internal sealed record WrittenFile(string Prefix, int Alignment, List<Item> Items);

    /// <summary>One tensor, or one part of one.</summary>
    internal sealed record Item(string Name, DType DType, Shape FullShape, TensorSlice? Slice, string Formula)
    {
        public Tensor Values() => Values(Slice ?? TensorSlice.Full(FullShape.Rank));

        public Tensor WholeValues() => Values(TensorSlice.Full(FullShape.Rank));

        public Tensor Values(TensorSlice slice)
        {
            (long[] starts, long[] lengths) = slice.Resolve(FullShape.Dimensions);
            Shape shape = Shape.Create(lengths);
            long[] indices = [.. Indices(starts, lengths)];
            string[] words = Formula.Split(':', 2);
            if (DType == DType.String)
                return Tensor.OfStrings(shape, [.. indices.Select(Texts(words[0], words.Length > 1 ? words[1] : ""))]);
            Tensor tensor = Tensor.Uninitialized(DType, shape);
            byte[] bytes = words[0] == "big"
                ? [.. indices.SelectMany(i => Stored(BigInteger.Parse(words[1], CultureInfo.InvariantCulture) + i))]
                : [.. indices.SelectMany(i => Stored(Numbers(words[0], words[1].Split(':', ',')), i))];
            bytes.CopyTo(tensor.MutableBytes);
            return tensor;
        }

        // Flat positions in the whole tensor, row-major.
        private IEnumerable<long> Indices(long[] starts, long[] lengths)
        {
            long count = lengths.Aggregate(1L, static (a, b) => a * b);
            for (long i = 0; i < count; i++)
            {
                long rest = i, flat = 0, stride = 1;
                for (int d = starts.Length - 1; d >= 0; d--)
                {
                    flat += (starts[d] + (rest % lengths[d])) * stride;
                    rest /= lengths[d];
                    stride *= FullShape.Dimensions[d];
                }

                yield return flat;
            }
        }

        private static Func<long, byte[]> Texts(string kind, string rest)
        {
            string[] items = rest.Split(',');
            return kind switch
            {
                "idx" => static i => Encoding.ASCII.GetBytes($"s{i}"),
                "strs" => i => GoldenCheckpoint.Unescape(items[i % items.Length]),
                "len" => i => [.. Enumerable.Range(0, int.Parse(items[i % items.Length], CultureInfo.InvariantCulture)).Select(j => (byte)((i * 31) + (j * 7) + (j >> 8)))],
                _ => throw new FormatException($"'{kind}' is no formula for strings."),
            };
        }

        private static Func<long, double> Numbers(string kind, string[] arguments)
        {
            double[] a = [.. arguments.Select(Number)];
            return kind switch
            {
                "lin" => i => a[0] + (a[1] * i),
                "mod" => i => a[0] + (a[1] * (i % (long)a[2])),
                "vals" => i => a[i % a.Length],
                "rnd" => i => Random((uint)a[0], i) * (a.Length > 1 ? a[1] : 1),
                _ => throw new FormatException($"'{kind}' is no formula for numbers."),
            };
        }

        private static double Random(uint seed, long i)
        {
            uint x = unchecked((uint)((seed * 2654435761L) + (i * 40503) + 12345));
            x ^= x >> 16;
            x = unchecked(x * 0x45d9f3b);
            x ^= x >> 16;
            return ((x % 2000001) - 1000000.0) / 1e6;
        }

        // The C library's "nan" has no sign, that of .NET has.
        private static double Number(string text) => text switch
        {
            "nan" => BitConverter.UInt64BitsToDouble(0x7FF8000000000000),
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };

        private byte[] Stored(Func<long, double> formula, long i)
        {
            if (DType is not (DType.Complex64 or DType.Complex128))
                return Stored(formula(i));
            double re = formula(2 * i), im = formula((2 * i) + 1);
            return DType == DType.Complex64 ? [.. BitConverter.GetBytes((float)re), .. BitConverter.GetBytes((float)im)] : [.. BitConverter.GetBytes(re), .. BitConverter.GetBytes(im)];
        }

        private byte[] Stored(double value) => DType switch
        {
            DType.Float32 => BitConverter.GetBytes((float)value),
            DType.Float64 => BitConverter.GetBytes(value),
            DType.Float16 => BitConverter.GetBytes((Half)(float)value),
            DType.BFloat16 => BitConverter.GetBytes(Rounded((float)value)),
            DType.Bool => [value != 0 ? (byte)1 : (byte)0],
            _ => Stored(new BigInteger(value)),
        };

        private byte[] Stored(BigInteger value)
        {
            byte[] bytes = new byte[DType.Size()];
            Array.Fill(bytes, value.Sign < 0 ? (byte)0xFF : (byte)0);
            byte[] given = value.ToByteArray();
            given.AsSpan(0, Math.Min(given.Length, bytes.Length)).CopyTo(bytes);
            return bytes;
        }

        // To the nearest, ties to even.
        private static ushort Rounded(float value)
        {
            uint bits = BitConverter.SingleToUInt32Bits(value);
            return float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
