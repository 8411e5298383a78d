using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Shifts elements along dimensions; what falls out at one end comes in at the other.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Rank at least 1.</param>
    /// <param name="shift">How far; a scalar or one number for each of <paramref name="axis"/>.</param>
    /// <param name="axis">The dimensions; repeated ones add up.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Roll".</remarks>
    public static Output Roll(this Graph graph, Operand input, Operand shift, Operand axis, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<RollOp>(name, input, shift, axis);
    }
}

internal sealed class RollOp() : Op("Roll(input: T, shift: Tshift, axis: Taxis) -> (output: T) where T: type, Tshift: int32 | int64, Taxis: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Roll(g.Dy(0), -g.X(1), g.X(2)), null, null]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(0, 1));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long[] shifts = IntVectors.Read(c.Input(1));
        long[] axes = IntVectors.Read(c.Input(2));
        if (input.Rank == 0)
            throw c.InvalidArgument("input must be 1-D or higher");
        if (shifts.Length != axes.Length)
            throw c.InvalidArgument("shift and axis must have the same size");
        long[] offsets = new long[input.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            long axis = axes[i] < 0 ? axes[i] + input.Rank : axes[i];
            if (axis < 0 || axis >= input.Rank)
                throw c.InvalidArgument($"axis {axes[i]} is out of range");
            long size = Math.Max(1, input.Shape[(int)axis]);
            offsets[axis] = (((offsets[axis] + shifts[i]) % size) + size) % size;
        }

        Tensor output = c.AllocateOutput(0, input.Shape);
        StridedView source = StridedView.Of(input);
        StridedView target = StridedView.Of(output);

        // Each shifted dimension falls into two pieces, so that there are two to the power of their number blocks.
        Copy(0, 0, 0, input.Shape.ToArray());

        void Copy(int dimension, int from, int to, long[] sizes)
        {
            if (dimension == offsets.Length)
            {
                StridedCopy.Run(source.From(from), target.From(to), sizes, c.Workers);
                return;
            }

            int offset = (int)offsets[dimension];
            int size = (int)input.Shape[dimension];
            int step = source.Strides[dimension];
            sizes[dimension] = size - offset;
            Copy(dimension + 1, from, to + (offset * step), sizes);
            if (offset > 0)
            {
                sizes[dimension] = offset;
                Copy(dimension + 1, from + ((size - offset) * step), to, sizes);
            }
        }
    }
}
