using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Sparse tensors that a session keeps under numbers, until they are taken.</summary>
/// <remarks>Thread safety: all members lock.</remarks>
internal sealed class SparseTensorsMap
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SparseParts> _kept = [];
    private long _next;

    public long Add(SparseParts parts)
    {
        lock (_gate)
        {
            _kept[_next] = parts with { Values = TensorList.Kept(parts.Values) };
            return _next++;
        }
    }

    public SparseParts Take(long handle)
    {
        lock (_gate)
        {
            return _kept.Remove(handle, out SparseParts parts)
                ? parts
                : throw new KernelException(RunErrorCode.InvalidArgument, $"Unable to find SparseTensor: {handle} in map");
        }
    }
}

internal abstract class SparseTensorsMapOp(string signature) : UndifferentiatedOp(signature, "what is kept for later is not differentiated")
{
    /// <summary>The map that a node writes to and another one reads from: both name it alike.</summary>
    protected static SparseTensorsMap MapOf(KernelContext c, string? maker = null)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        return c.Resource(container, c.Attributes.String("shared_name").Length > 0 ? name : maker ?? name, static () => new SparseTensorsMap());
    }

    /// <summary>One row of a sparse tensor, as one with a dimension less.</summary>
    protected static SparseParts Row(SparseParts parts, IReadOnlyList<int> places)
    {
        int rank = parts.Rank;
        long[] positions = new long[places.Count * (rank - 1)];
        for (int i = 0; i < places.Count; i++)
            parts[places[i]][1..].CopyTo(positions.AsSpan(i * (rank - 1)));
        return new SparseParts(positions, Rows.Take(parts.Values, 0, [.. places]), parts.Sizes[1..]);
    }
}

internal sealed class AddSparseToTensorsMapOp() : SparseTensorsMapOp(
    "AddSparseToTensorsMap(sparse_indices: int64, sparse_values: T, sparse_shape: int64) -> (sparse_handle: int64) where T: type, container: string = '', shared_name: string = ''; stateful")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<long>()[0] = MapOf(c).Add(SparseParts.Read(c, 0));
}

internal sealed class AddManySparseToTensorsMapOp() : SparseTensorsMapOp(
    "AddManySparseToTensorsMap(sparse_indices: int64, sparse_values: T, sparse_shape: int64) -> (sparse_handles: int64) where T: type, container: string = '', shared_name: string = ''; stateful")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [-1]);

    public override void Compute(KernelContext c)
    {
        SparseParts parts = SparseParts.Read(c, 0);
        if (parts.Rank < 2)
            throw c.InvalidArgument($"Rank of input SparseTensor should be > 1, but saw rank: {parts.Rank}");
        SparseTensorsMap map = MapOf(c);
        ILookup<long, int> rows = Enumerable.Range(0, parts.Count).ToLookup(i => parts[i][0]);
        // A tensor with far more rows than entries would only fill memory with empty ones.
        if (parts.Sizes[0] > Array.MaxLength / 8)
            throw c.InvalidArgument($"sparse_shape says {parts.Sizes[0]} rows, more than can be kept one by one.");
        Span<long> handles = c.AllocateOutput(0, [parts.Sizes[0]]).MutableData<long>();
        for (int row = 0; row < handles.Length; row++)
            handles[row] = map.Add(Row(parts, [.. rows[row]]));
    }
}

internal sealed class TakeManySparseFromTensorsMapOp() : SparseTensorsMapOp(
    "TakeManySparseFromTensorsMap(sparse_handles: int64) -> (sparse_indices: int64, sparse_values: dtype, sparse_shape: int64) where dtype: type, container: string = '', shared_name: string = ''; stateful")
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, Shape.OfRank(2));
        c.Output(1, [-1]);
        c.Output(2, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor handles = c.Input(0);
        if (handles.Rank != 1)
            throw c.InvalidArgument($"sparse_handles should be a vector but received shape {handles.Shape}");
        if (handles.Count == 0)
            throw c.InvalidArgument("Must have at least 1 serialized SparseTensor, but input matrix has 0 rows");
        SparseTensorsMap map = MapOf(c);
        SparseParts[] parts = [.. IntVectors.Read(handles).Select(map.Take)];
        int rank = parts[0].Rank;
        if (Array.Exists(parts, p => p.Rank != rank))
            throw c.InvalidArgument("Inconsistent rank across SparseTensors: all that are taken together must have the same.");
        DType type = c.Operation.Outputs[1].DType;
        if (Array.Exists(parts, p => p.Values.DType != type))
            throw c.InvalidArgument($"Requested SparseTensor of type {type.Name()}, but one of another type is kept.");
        int count = parts.Sum(static p => p.Count);
        long[] indices = new long[count * (rank + 1)];
        long[] sizes = [parts.Length, .. Enumerable.Range(0, rank).Select(d => parts.Max(p => p.Sizes[d]))];
        int at = 0;
        for (int row = 0; row < parts.Length; row++)
        {
            for (int i = 0; i < parts[row].Count; i++, at++)
            {
                indices[at * (rank + 1)] = row;
                parts[row][i].CopyTo(indices.AsSpan((at * (rank + 1)) + 1));
            }
        }

        IntVectors.Write(indices, c.AllocateOutput(0, [count, rank + 1]));
        Kernels.Joining.Join([.. parts.Select(static p => p.Values)], c.AllocateOutput(1, [count]), 1, c.Workers);
        IntVectors.Write(sizes, c.AllocateOutput(2, [rank + 1]));
    }
}
