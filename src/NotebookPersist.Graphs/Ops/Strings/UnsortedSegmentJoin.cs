using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class UnsortedSegmentJoinOp() : UndifferentiatedOp("UnsortedSegmentJoin(inputs: string, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: string) where separator: string = '', Tindices: int32 | int64, Tnumsegments: int32 | int64 = int32", "strings are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        (Shape inputs, Shape ids) = (c.Input(0), c.Input(1));
        long count = c.InputInts(2) is [var known] ? known : -1;
        if (inputs.HasRank && ids.HasRank && ids.Rank <= inputs.Rank)
            c.Output(0, [count, .. inputs.Dimensions[ids.Rank..]]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor inputs, Tensor ids) = (c.Input(0), c.Input(1));
        long count = IntVectors.Read(c.Input(2)) is [var given] && given >= 0 ? given : throw c.InvalidArgument("Number of segments must be a scalar, and at least 0");
        if (ids.Rank > inputs.Rank || !inputs.Shape.Dimensions[..ids.Rank].SequenceEqual(ids.Shape.Dimensions))
            throw c.InvalidArgument($"segment_ids' shape {ids.Shape} must be a prefix of data.shape {inputs.Shape}");
        byte[] separator = Encoding.UTF8.GetBytes(c.Attributes.String("separator"));
        Shape shape = [count, .. inputs.Shape.Dimensions[ids.Rank..]];
        int row = IntVectors.Product(inputs.Shape.Dimensions[ids.Rank..]);
        long[] segments = IntVectors.Read(ids);
        var pieces = new Dictionary<long, List<byte[]>>();
        for (int i = 0; i < inputs.Count; i++)
        {
            long segment = segments[i / row];
            if (segment < 0)
                continue;
            if (segment >= count)
                throw c.InvalidArgument($"segment_ids{Positions.Describe(ids.Shape, i / row)} = {segment} is out of range [0, {count})");
            long at = (segment * row) + (i % row);
            if (!pieces.TryGetValue(at, out List<byte[]>? list))
                pieces.Add(at, list = []);
            else if (separator.Length > 0)
                list.Add(separator);
            list.Add(inputs.Strings[i]);
        }

        byte[][] joined = new byte[shape.ElementCount][];
        for (int i = 0; i < joined.Length; i++)
            joined[i] = pieces.TryGetValue(i, out List<byte[]>? list) ? [.. list.SelectMany(static b => b)] : [];
        c.Output(0, Tensor.OfStrings(shape, joined));
    }
}
