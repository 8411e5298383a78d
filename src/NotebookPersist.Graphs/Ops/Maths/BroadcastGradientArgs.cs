using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Tells along which axes the gradient of a broadcasting operation must be summed for either operand.</summary>
internal sealed class BroadcastGradientArgsOp() : Op("BroadcastGradientArgs(s0: T, s1: T) -> (r0: T, r1: T) where T: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("shapes are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [-1]);
        c.Output(1, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        long[] x = IntVectors.Read(c.Input(0));
        long[] y = IntVectors.Read(c.Input(1));
        var xAxes = new List<long>();
        var yAxes = new List<long>();
        int rank = Math.Max(x.Length, y.Length);
        bool areEqual = x.AsSpan().SequenceEqual(y);
        for (int d = 0; d < rank && !areEqual; d++)
        {
            long xSize = d < rank - x.Length ? 1 : x[d - (rank - x.Length)];
            long ySize = d < rank - y.Length ? 1 : y[d - (rank - y.Length)];
            if (xSize != ySize && xSize != 1 && ySize != 1)
                throw c.InvalidArgument($"Incompatible shapes: [{string.Join(',', x)}] vs. [{string.Join(',', y)}]");
            if (xSize == 1)
                xAxes.Add(d);
            if (ySize == 1)
                yAxes.Add(d);
        }

        Write(c, 0, xAxes);
        Write(c, 1, yAxes);
    }

    private static void Write(KernelContext c, int output, List<long> axes) => IntVectors.Write(axes.ToArray(), c.AllocateOutput(output, [axes.Count]));
}
