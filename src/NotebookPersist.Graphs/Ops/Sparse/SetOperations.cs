using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Operations on sets, which lie along the last dimension of dense or sparse tensors.</summary>
internal abstract class SetOp(string signature) : UndifferentiatedOp(signature, "sets are no continuous values")
{
    // Elements are compared as integers, or as bytes.
    private static readonly Comparison<object> Order = static (a, b) => a is long number ? number.CompareTo((long)b) : string.CompareOrdinal((string)a, (string)b);

    public override void InferShapes(ShapeContext c)
    {
        int rank = Math.Max(Rank(c, 0), c.InputCount is 2 or 4 ? Rank(c, 1) : -1);
        c.Output(0, [-1, rank]);
        c.Output(1, [-1]);
        c.Output(2, [rank]);
    }

    protected static Groups Dense(KernelContext c, int input)
    {
        Tensor x = c.Input(input);
        if (x.Rank < 2)
            throw c.InvalidArgument($"Input rank must be at least 2, not that of shape {x.Shape}");
        var groups = new Groups(x.Shape.Dimensions[..^1].ToArray());
        int width = (int)x.Shape[^1];
        for (int i = 0; i < x.Count; i++)
            groups.Add(groups.Position(i / width), Element(x, i));
        return groups;
    }

    protected static Groups Sparse(KernelContext c, int first)
    {
        var parts = SparseParts.Read(c, first);
        if (parts.Rank < 2)
            throw c.InvalidArgument($"Input rank must be at least 2, not {parts.Rank}");
        if (c.Attributes.Bool("validate_indices"))
        {
            for (int i = 1; i < parts.Count; i++)
            {
                if (SparseParts.Compare(parts[i - 1], parts[i]) >= 0)
                    throw c.InvalidArgument($"indices[{i}] = [{string.Join(',', parts[i].ToArray())}] is out of order. Many sparse ops require sorted indices. Use `tf.sparse.reorder` to create a correctly ordered copy.");
            }
        }

        var groups = new Groups(parts.Sizes[..^1]);
        for (int i = 0; i < parts.Count; i++)
            groups.Add([.. parts[i][..^1]], Element(parts.Values, i));
        return groups;
    }

    protected static void Combine(KernelContext c, Groups left, Groups right, DType type)
    {
        if (!left.Sizes.AsSpan().SequenceEqual(right.Sizes))
            throw c.InvalidArgument($"Mismatched group shapes [{string.Join(',', left.Sizes)}] and [{string.Join(',', right.Sizes)}]: all but the last dimension must be equal");
        string operation = c.Attributes.String("set_operation").ToLowerInvariant();
        var positions = new List<long>();
        var elements = new List<object>();
        long widest = 0;
        foreach (long[] position in left.Sets.Keys.Concat(right.Sets.Keys).Distinct(Groups.Comparer).Order(Groups.Comparer))
        {
            SortedSet<object> a = left.At(position);
            SortedSet<object> b = right.At(position);
            SortedSet<object> result = new(a, Comparer<object>.Create(Order));
            switch (operation)
            {
                case "a-b":
                    result.ExceptWith(b);
                    break;
                case "b-a":
                    result = new SortedSet<object>(b, Comparer<object>.Create(Order));
                    result.ExceptWith(a);
                    break;
                case "intersection":
                    result.IntersectWith(b);
                    break;
                case "union":
                    result.UnionWith(b);
                    break;
                default:
                    throw c.InvalidArgument($"Invalid set_operation {operation}.");
            }

            int at = 0;
            foreach (object element in result)
            {
                positions.AddRange([.. position, at++]);
                elements.Add(element);
            }

            widest = Math.Max(widest, result.Count);
        }

        int rank = left.Sizes.Length + 1;
        positions.CopyTo(c.AllocateOutput(0, [elements.Count, rank]).MutableData<long>());
        c.Output(1, ToTensor(elements, type));
        long[] sizes = [.. left.Sizes, widest];
        sizes.CopyTo(c.AllocateOutput(2, [rank]).MutableData<long>());
    }

    private static int Rank(ShapeContext c, int input)
    {
        Shape shape = c.Input(input);
        if (c.Operation.Signature.Inputs[input].Name.EndsWith("indices", StringComparison.Ordinal))
            return shape.Rank == 2 ? (int)shape[1] : -1;
        return shape.Rank;
    }

    private static object Element(Tensor x, int i) => x.DType == DType.String ? Encoding.Latin1.GetString(x.Strings[i]) : x.ItemAt<long>(i);

    private static Tensor ToTensor(List<object> elements, DType type)
    {
        Shape shape = [elements.Count];
        if (type == DType.String)
            return Tensor.OfStrings(shape, [.. elements.Select(static e => Encoding.Latin1.GetBytes((string)e))]);
        return TensorCasts.Convert(Tensor.Of<long>(shape, [.. elements.Cast<long>()]), type, "set elements");
    }

    /// <summary>The sets of a tensor by their positions.</summary>
    protected sealed class Groups(long[] sizes)
    {
        public static PositionOrder Comparer { get; } = new();

        public long[] Sizes => sizes;

        public Dictionary<long[], SortedSet<object>> Sets { get; } = new(Comparer);

        public void Add(long[] position, object element)
        {
            if (!Sets.TryGetValue(position, out SortedSet<object>? set))
                Sets.Add(position, set = new SortedSet<object>(Comparer<object>.Create(Order)));
            set.Add(element);
        }

        public SortedSet<object> At(long[] position) => Sets.GetValueOrDefault(position) ?? new SortedSet<object>(Comparer<object>.Create(Order));

        public long[] Position(int group)
        {
            long[] position = new long[sizes.Length];
            long rest = group;
            for (int d = sizes.Length - 1; d >= 0; d--)
                (rest, position[d]) = Math.DivRem(rest, sizes[d]);
            return position;
        }
    }

    /// <summary>Row-major order of positions.</summary>
    protected sealed class PositionOrder : IComparer<long[]>, IEqualityComparer<long[]>
    {
        public int Compare(long[]? x, long[]? y) => x.AsSpan().SequenceCompareTo(y);

        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(long[] obj)
        {
            var hash = default(HashCode);
            foreach (long place in obj)
                hash.Add(place);
            return hash.ToHashCode();
        }
    }
}

internal sealed class DenseToDenseSetOperationOp() : SetOp("DenseToDenseSetOperation(set1: T, set2: T) -> (result_indices: int64, result_values: T, result_shape: int64) where set_operation: string, validate_indices: bool = true, T: int8 | int16 | int32 | int64 | uint8 | uint16 | string")
{
    public override void Compute(KernelContext c) => Combine(c, Dense(c, 0), Dense(c, 1), c.Input(0).DType);
}

internal sealed class DenseToSparseSetOperationOp() : SetOp("DenseToSparseSetOperation(set1: T, set2_indices: int64, set2_values: T, set2_shape: int64) -> (result_indices: int64, result_values: T, result_shape: int64) where set_operation: string, validate_indices: bool = true, T: int8 | int16 | int32 | int64 | uint8 | uint16 | string")
{
    public override void Compute(KernelContext c) => Combine(c, Dense(c, 0), Sparse(c, 1), c.Input(0).DType);
}

internal sealed class SparseToSparseSetOperationOp() : SetOp("SparseToSparseSetOperation(set1_indices: int64, set1_values: T, set1_shape: int64, set2_indices: int64, set2_values: T, set2_shape: int64) -> (result_indices: int64, result_values: T, result_shape: int64) where set_operation: string, validate_indices: bool = true, T: int8 | int16 | int32 | int64 | uint8 | uint16 | string")
{
    public override void Compute(KernelContext c) => Combine(c, Sparse(c, 0), Sparse(c, 3), c.Input(1).DType);
}

internal sealed class SetSizeOp() : SetOp("SetSize(set_indices: int64, set_values: T, set_shape: int64) -> (size: int32) where validate_indices: bool = true, T: int8 | int16 | int32 | int64 | uint8 | uint16 | string")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape sizes = c.InputAsShape(2);
        c.Output(0, sizes.Rank > 0 ? Shape.Create(sizes.Dimensions[..^1]) : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        Groups groups = Sparse(c, 0);
        Tensor counts = c.AllocateOutput(0, groups.Sizes);
        Span<int> sizes = counts.MutableData<int>();
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = groups.At(groups.Position(i)).Count;
    }
}
