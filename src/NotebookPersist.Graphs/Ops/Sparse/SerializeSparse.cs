using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Turns sparse tensors into rows of three: positions, elements and shape, each as a message or as a variant.</summary>
internal abstract class SparseSerializingOp(string signature) : UndifferentiatedOp(signature, "messages are no continuous values")
{
    protected static void Output(KernelContext c, Shape shape, IReadOnlyList<SparseParts> rows)
    {
        Tensor[] parts = [.. rows.SelectMany(static r => (Tensor[])[Tensor.Of<long>([r.Count, r.Rank], r.Positions), r.Values, Tensor.Of<long>([r.Rank], r.Sizes)])];
        c.Output(0, c.Operation.Outputs[0].DType == DType.String
            ? Tensor.OfStrings(shape, [.. parts.Select(static p => TensorProtos.Encode(p).ToByteArray())])
            : Tensor.OfObjects(DType.Variant, shape, [.. parts.Select(TensorList.Kept)]));
    }
}

internal sealed class SerializeSparseOp() : SparseSerializingOp("SerializeSparse(sparse_indices: int64, sparse_values: T, sparse_shape: int64) -> (serialized_sparse: out_type) where T: type, out_type: string | variant = string")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [3]);

    public override void Compute(KernelContext c) => Output(c, [3], [SparseParts.Read(c, 0)]);
}

internal sealed class SerializeManySparseOp() : SparseSerializingOp("SerializeManySparse(sparse_indices: int64, sparse_values: T, sparse_shape: int64) -> (serialized_sparse: out_type) where T: type, out_type: string | variant = string")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [-1, 3]);

    public override void Compute(KernelContext c)
    {
        var parts = SparseParts.Read(c, 0);
        if (parts.Rank < 2)
            throw c.InvalidArgument($"Rank of input SparseTensor should be > 1, but saw rank: {parts.Rank}");
        if (parts.Sizes[0] > Array.MaxLength / 3)
            throw c.InvalidArgument($"A sparse tensor of {parts.Sizes[0]} rows cannot be serialized row by row");
        ILookup<long, int> entries = Enumerable.Range(0, parts.Count).ToLookup(i => parts[i][0]);
        var rows = new List<SparseParts>();
        for (long row = 0; row < parts.Sizes[0]; row++)
        {
            SparseParts taken = parts.Take([.. entries[row]]);
            long[] positions = [.. taken.Positions.Where((_, i) => i % parts.Rank != 0)];
            rows.Add(new SparseParts(positions, taken.Values, parts.Sizes[1..]));
        }

        Output(c, [rows.Count, 3], rows);
    }
}

/// <summary>Reads rows of three back into one sparse tensor with a dimension more for each dimension of the rows.</summary>
internal abstract class SparseDeserializingOp(string signature) : UndifferentiatedOp(signature, "messages are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, Shape.OfRank(2));
        c.Output(1, [-1]);
        c.Output(2, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor serialized = c.Input(0);
        if (serialized.Rank == 0 || serialized.Shape[^1] != 3)
            throw c.InvalidArgument($"Serialized sparse should have 3 as the last dimension but received shape {serialized.Shape}");
        DType type = c.Attributes.Type("dtype");
        long[] outer = serialized.Shape.Dimensions[..^1].ToArray();
        var positions = new List<long>();
        var values = new List<Tensor>();
        long[]? inner = null;
        for (int row = 0; row < serialized.Count / 3; row++)
        {
            (Tensor places, Tensor elements, Tensor sizes) = (Part(c, serialized, 3 * row), Part(c, serialized, (3 * row) + 1), Part(c, serialized, (3 * row) + 2));
            if (elements.DType != type || places.DType != DType.Int64 || sizes.DType != DType.Int64)
                throw c.InvalidArgument($"Requested SparseTensor of type {type.SignatureName()} but SparseTensor[{row}].values.dtype() == {elements.DType.SignatureName()}");
            var parts = SparseParts.Of(c, places, elements, sizes);
            if (inner is not null && inner.Length != parts.Rank)
                throw c.InvalidArgument($"Inconsistent rank across SparseTensors: rank prior to SparseTensor[{row}] was: {inner.Length} but rank of SparseTensor[{row}] is: {parts.Rank}");
            inner = inner is null ? parts.Sizes : [.. inner.Zip(parts.Sizes, Math.Max)];
            long[] place = Place(row, outer);
            for (int i = 0; i < parts.Count; i++)
                positions.AddRange([.. place, .. parts[i]]);
            values.Add(elements);
        }

        if (inner is null)
            throw c.InvalidArgument($"Must have at least 1 serialized SparseTensor, but input matrix has 0 rows: {serialized.Shape}");
        var all = new SparseParts([.. positions], SparseJoining.Join([.. values]), [.. outer, .. inner]);
        all.Output(c, 0, 1, 2);
    }

    private static long[] Place(int row, long[] outer)
    {
        long[] place = new long[outer.Length];
        long rest = row;
        for (int d = outer.Length - 1; d >= 0; d--)
            (rest, place[d]) = Math.DivRem(rest, outer[d]);
        return place;
    }

    private static Tensor Part(KernelContext c, Tensor serialized, int index)
    {
        if (serialized.DType == DType.Variant)
            return serialized.Objects[index] as Tensor ?? throw c.InvalidArgument($"Element {index} of the serialized sparse tensors holds none");
        try
        {
            return TensorProtos.Decode(TensorProto.Parser.ParseFrom(serialized.Strings[index]), $"the input of node '{c.Operation.Name}'");
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Could not parse element {index} of the serialized sparse tensors: {fault.Message}", fault);
        }
    }
}

internal sealed class DeserializeSparseOp() : SparseDeserializingOp("DeserializeSparse(serialized_sparse: Tserialized) -> (sparse_indices: int64, sparse_values: dtype, sparse_shape: int64) where dtype: type, Tserialized: string | variant = string");

internal sealed class DeserializeManySparseOp() : SparseDeserializingOp("DeserializeManySparse(serialized_sparse: string) -> (sparse_indices: int64, sparse_values: dtype, sparse_shape: int64) where dtype: type");
