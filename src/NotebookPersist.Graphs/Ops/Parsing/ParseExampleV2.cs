using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Reads one example or many into sparse, dense and ragged tensors; TensorFlow 2 writes it where 1.15 wrote ParseExample.</summary>
internal sealed class ParseExampleV2Op() : UndifferentiatedOp(
    "ParseExampleV2(serialized: string, names: string, sparse_keys: string, dense_keys: string, ragged_keys: string, dense_defaults: [Tdense]) -> (sparse_indices: num_sparse * int64, sparse_values: [sparse_types], sparse_shapes: num_sparse * int64, dense_values: [Tdense], ragged_values: [ragged_value_types], ragged_row_splits: [ragged_split_types]) where Tdense: list(float | int64 | string) >= 0, num_sparse: int >= 0, sparse_types: list(float | int64 | string) >= 0, ragged_value_types: list(float | int64 | string) >= 0, ragged_split_types: list(int32 | int64) >= 0, dense_shapes: list(shape) >= 0",
    "examples are no continuous values")
{
    private const int SparseKeys = 2;
    private const int DenseKeys = 3;
    private const int RaggedKeys = 4;
    private const int FirstDefault = 5;

    public override void InferShapes(ShapeContext c)
    {
        int sparse = (int)c.Attributes.Int("num_sparse");
        IReadOnlyList<Shape> shapes = c.Attributes.Shapes("dense_shapes");
        Shape serialized = c.Input(0);
        long width = serialized.HasRank ? serialized.Rank + 1 : -1;
        for (int i = 0; i < sparse; i++)
        {
            c.Output(i, [-1, width]);
            c.Output(sparse + i, [-1]);
            c.Output((2 * sparse) + i, [width]);
        }

        for (int i = 0; i < shapes.Count && (3 * sparse) + i < c.OutputCount; i++)
            c.Output((3 * sparse) + i, serialized.Concatenate(shapes[i]));
        int ragged = c.Attributes.Types("ragged_value_types").Count;
        for (int i = 0; i < ragged; i++)
        {
            c.Output((3 * sparse) + shapes.Count + i, [-1]);
            c.Output((3 * sparse) + shapes.Count + ragged + i, !serialized.HasRank || serialized.Rank > 1 ? [-1] : serialized.Rank == 0 ? [0] : [serialized[0] < 0 ? -1 : serialized[0] + 1]);
        }
    }

    public override void Compute(KernelContext c)
    {
        Tensor serialized = c.Input(0);
        if (serialized.Rank > 1)
            throw c.InvalidArgument($"Expected serialized to be a scalar or vector, got shape: {serialized.Shape}");
        bool isBatch = serialized.Rank == 1;
        Example[] examples = [.. serialized.Strings.ToArray().Select((b, i) => FeatureColumns.Parse<Example>(c, b, i))];
        int output = OutputSparse(c, examples, isBatch);
        output = OutputDense(c, examples, isBatch, output);
        OutputRagged(c, examples, isBatch, output);
    }

    private static int OutputSparse(KernelContext c, Example[] examples, bool isBatch)
    {
        IReadOnlyList<DType> types = c.Attributes.Types("sparse_types");
        string[] keys = Keys(c, SparseKeys, types.Count);
        for (int k = 0; k < keys.Length; k++)
        {
            var rows = new List<(long[], Tensor)>();
            for (int i = 0; i < examples.Length; i++)
            {
                if (Read(c, examples[i], types[k], keys[k]) is { } values)
                    rows.Add((isBatch ? [i] : [], values));
            }

            FeatureColumns.OutputSparse(c, (k, keys.Length + k, (2 * keys.Length) + k), types[k], rows, isBatch ? [examples.Length] : []);
        }

        return 3 * keys.Length;
    }

    private static int OutputDense(KernelContext c, Example[] examples, bool isBatch, int output)
    {
        IReadOnlyList<DType> types = c.Attributes.Types("Tdense");
        IReadOnlyList<Shape> shapes = c.Attributes.Shapes("dense_shapes");
        string[] keys = Keys(c, DenseKeys, types.Count);
        if (shapes.Count != keys.Length)
            throw c.InvalidArgument($"len(dense_keys) != len(dense_shapes): {keys.Length} vs. {shapes.Count}");
        for (int k = 0; k < keys.Length; k++)
        {
            Tensor rows = FeatureColumns.Dense(c, [.. examples.Select(e => Read(c, e, types[k], keys[k]))], c.Input(FirstDefault + k), shapes[k], keys[k]);
            c.Output(output++, isBatch ? rows : rows.Reshaped(Shape.Create(rows.Shape.Dimensions[1..])));
        }

        return output;
    }

    private static void OutputRagged(KernelContext c, Example[] examples, bool isBatch, int output)
    {
        IReadOnlyList<DType> types = c.Attributes.Types("ragged_value_types");
        string[] keys = Keys(c, RaggedKeys, types.Count);
        for (int k = 0; k < keys.Length; k++)
        {
            Tensor[] rows = [.. examples.Select(e => Read(c, e, types[k], keys[k]) ?? Tensor.Zeros(types[k], [0]))];
            c.Output(output + k, FeatureColumns.Join(types[k], rows));
            long[] splits = isBatch ? new long[rows.Length + 1] : [];
            for (int i = 1; i < splits.Length; i++)
                splits[i] = splits[i - 1] + rows[i - 1].Count;
            IntVectors.Write(splits, c.AllocateOutput(output + keys.Length + k, [splits.Length]));
        }
    }

    private static Tensor? Read(KernelContext c, Example example, DType type, string key) => FeatureColumns.Read(c, example.Features?.Feature.GetValueOrDefault(key), type, key);

    private static string[] Keys(KernelContext c, int input, int count)
    {
        Tensor keys = c.Input(input);
        return keys.Count == count
            ? [.. keys.Strings.ToArray().Select(System.Text.Encoding.UTF8.GetString)]
            : throw c.InvalidArgument($"Input {input} of node '{c.Operation.Name}' lists {keys.Count} keys; {count} types are given.");
    }
}
