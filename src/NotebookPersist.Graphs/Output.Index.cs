namespace NotebookPersist;

public sealed partial class Output
{
    /// <summary>A part of the value, as Python writes it: <c>x[0]</c>, <c>x[1..^1]</c>, <c>x[SliceIndex.Ellipsis, SliceIndex.NewAxis]</c>.</summary>
    /// <param name="entries">One entry a dimension; dimensions without one are taken whole.</param>
    /// <exception cref="GraphException">A position is out of bounds, or there are too many.</exception>
    /// <remarks>Makes the nodes that TensorFlow's Python makes: <c>strided_slice</c> with its <c>stack</c> constants.</remarks>
    public Output this[params ReadOnlySpan<SliceIndex> entries]
    {
        get
        {
            var begin = new List<Operand>();
            var end = new List<Operand>();
            var strides = new List<Operand>();
            (int beginMask, int endMask, int ellipsisMask, int newAxisMask, int shrinkAxisMask) = (0, 0, 0, 0, 0);
            foreach (SliceIndex entry in entries)
            {
                int bit = 1 << begin.Count;
                switch (entry.Kind)
                {
                    case SliceIndexKind.Position:
                        shrinkAxisMask |= bit;
                        begin.Add(entry.Begin);
                        end.Add(entry.Begin.Output is { } position ? position + 1 : entry.End);
                        strides.Add(1);
                        continue;
                    case SliceIndexKind.Span:
                        beginMask |= entry.Begin.IsMissing ? bit : 0;
                        endMask |= entry.End.IsMissing ? bit : 0;
                        begin.Add(entry.Begin.IsMissing ? 0 : entry.Begin);
                        end.Add(entry.End.IsMissing ? 0 : entry.End);
                        strides.Add(entry.Stride.IsMissing ? 1 : entry.Stride);
                        continue;
                    case SliceIndexKind.Ellipsis:
                        ellipsisMask |= bit;
                        break;
                    default:
                        newAxisMask |= bit;
                        break;
                }

                begin.Add(0);
                end.Add(0);
                strides.Add(1);
            }

            using NameScope scope = Graph.NameScope("strided_slice");
            Operand[] packed = [Packed(begin), Packed(end), Packed(strides)];
            // One int64 entry makes all of them int64. What was packed is symbolic.
            if (Array.Exists(packed, static p => p.Output!.DType == DType.Int64))
                packed = Array.ConvertAll(packed, p => (Operand)Graph.Cast(p, DType.Int64));
            return Graph.StridedSlice(this, packed[0], packed[1], packed[2], beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask, scope.Name);
        }
    }

    private Output Packed(List<Operand> entries) => entries.Count > 0
        ? Graph.Stack([.. entries])
        : Graph.Constant(Tensor.Uninitialized(DType.Int32, new long[] { 0 }));
}
