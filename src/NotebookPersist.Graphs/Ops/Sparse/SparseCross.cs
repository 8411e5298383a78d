using System.Globalization;
using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>All combinations of the features of each row, one of each column: joined as text, or as one hash.</summary>
internal sealed class SparseCrossOp() : UndifferentiatedOp(
    "SparseCross(indices: N * int64, values: [sparse_types], shapes: N * int64, dense_inputs: [dense_types]) -> (output_indices: int64, output_values: out_type, output_shape: int64) "
    + "where N: int >= 0, hashed_output: bool, num_buckets: int >= 0, hash_key: int, sparse_types: list(int64 | string) >= 0, dense_types: list(int64 | string) >= 0, "
    + "out_type: int64 | string, internal_type: int64 | string", "features are no continuous values")
{
    private const ulong Factor = 0xc6a4a7935bd1e995;

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [-1, 2]);
        c.Output(1, [-1]);
        c.Output(2, [2]);
    }

    public override void Compute(KernelContext c)
    {
        List<(Tensor Values, int[] Starts)> columns = Columns(c, out int rows);
        var indices = new List<long>();
        var crosses = new List<int[]>();
        long most = 0;
        for (int row = 0; row < rows; row++)
        {
            long before = crosses.Count;
            int[] counts = [.. columns.Select(column => column.Starts[row + 1] - column.Starts[row])];
            long product = columns.Count == 0 ? 0 : counts.Aggregate(1L, static (p, n) => checked(p * n));
            for (long cross = 0; cross < product; cross++)
            {
                c.Workers.Cancellation.ThrowIfCancellationRequested();
                int[] places = new int[counts.Length];
                long rest = cross;
                for (int i = counts.Length - 1; i >= 0; i--)
                {
                    places[i] = columns[i].Starts[row] + (int)(rest % counts[i]);
                    rest /= counts[i];
                }

                crosses.Add(places);
                indices.AddRange([row, cross]);
            }

            most = Math.Max(most, crosses.Count - before);
        }

        IntVectors.Write([.. indices], c.AllocateOutput(0, [crosses.Count, 2]));
        if (c.Operation.Outputs[1].DType == DType.String)
            c.Output(1, Tensor.OfStrings([crosses.Count], [.. crosses.Select(places => Join(columns, places))]));
        else
            IntVectors.Write([.. crosses.Select(places => Hash(c, columns, places))], c.AllocateOutput(1, [crosses.Count]));
        IntVectors.Write([rows, most], c.AllocateOutput(2, [2]));
    }

    private static List<(Tensor Values, int[] Starts)> Columns(KernelContext c, out int rows)
    {
        int sparse = (int)c.Attributes.Int("N");
        int dense = c.InputCount - (3 * sparse);
        rows = sparse > 0 ? (int)c.Input(2 * sparse).ItemAt<long>(0) : dense > 0 && c.Input(0).Rank == 2 ? (int)c.Input(0).Shape[0] : 0;
        var columns = new List<(Tensor Values, int[] Starts)>();
        for (int i = 0; i < sparse; i++)
        {
            SparseParts parts = SparseParts.Of(c, c.Input(i), c.Input(sparse + i), c.Input((2 * sparse) + i));
            if (parts.Rank != 2)
                throw c.InvalidArgument($"shape should imply a 2D tensor, but got {c.Input((2 * sparse) + i).Shape} at position {i}");
            if (parts.Sizes[0] != rows)
                throw c.InvalidArgument($"Expected batch size {rows} got {parts.Sizes[0]} at position {i}");
            int[] starts = new int[rows + 1];
            for (int k = 0; k < parts.Count; k++)
                starts[parts[k][0] + 1]++;
            for (int row = 0; row < rows; row++)
                starts[row + 1] += starts[row];
            columns.Add((parts.Values, starts));
        }

        for (int i = 0; i < dense; i++)
        {
            Tensor values = c.Input((3 * sparse) + i);
            if (values.Rank != 2)
                throw c.InvalidArgument($"Dense inputs should be a matrix but received shape {values.Shape} at position {i}");
            if (values.Shape[0] != rows)
                throw c.InvalidArgument($"Expected batch size {rows} got {values.Shape[0]} at dense tensor {i}");
            int width = (int)values.Shape[1];
            columns.Add((values, [.. Enumerable.Range(0, rows + 1).Select(row => row * width)]));
        }

        return columns;
    }

    private static byte[] Join(List<(Tensor Values, int[] Starts)> columns, int[] places)
    {
        var joined = new List<byte>();
        for (int i = 0; i < places.Length; i++)
        {
            if (i > 0)
                joined.AddRange("_X_"u8);
            Tensor values = columns[i].Values;
            joined.AddRange(values.DType == DType.String
                ? values.Strings[places[i]]
                : Encoding.ASCII.GetBytes(values.ItemAt<long>(places[i]).ToString(CultureInfo.InvariantCulture)));
        }

        return [.. joined];
    }

    private static long Hash(KernelContext c, List<(Tensor Values, int[] Starts)> columns, int[] places)
    {
        ulong hash = (ulong)c.Attributes.Int("hash_key");
        for (int i = 0; i < places.Length; i++)
        {
            Tensor values = columns[i].Values;
            hash = Concatenate(hash, values.DType == DType.String ? FarmHash.Fingerprint64(values.Strings[places[i]]) : (ulong)values.ItemAt<long>(places[i]));
        }

        ulong buckets = (ulong)c.Attributes.Int("num_buckets");
        return (long)(hash % (buckets > 0 ? buckets : long.MaxValue));
    }

    // The fingerprint of two fingerprints, as TensorFlow's FingerprintCat64 mixes them.
    private static ulong Concatenate(ulong first, ulong second)
    {
        unchecked
        {
            ulong result = first ^ Factor;
            result ^= Shift(second * Factor) * Factor;
            result *= Factor;
            return Shift(Shift(result) * Factor);
        }
    }

    private static ulong Shift(ulong value) => value ^ (value >> 47);
}
