using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class FakeQuantWithMinMaxVarsPerChannelOp() : Op(
    "FakeQuantWithMinMaxVarsPerChannel(inputs: float, min: float, max: float) -> (outputs: float) where num_bits: int = 8, narrow_range: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation node = g.Graph.AddOperation("FakeQuantWithMinMaxVarsPerChannelGradient", null, g.Copy("num_bits", "narrow_range"), g.Dy(0), g.X(0), g.X(1), g.X(2));
        return [node[0], node[1], node[2]];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape inputs = c.WithRankAtLeast(0, 1);
        long channels = c.Merge(c.WithRank(1, 1)[0], c.WithRank(2, 1)[0]);
        if (inputs.HasRank)
            c.Merge(inputs[^1], channels);
        c.Output(0, inputs);
    }

    public override void Compute(KernelContext c)
    {
        QuantizationGrid?[] grids = Grids(c, 0);
        ReadOnlySpan<float> x = c.Input<float>(0);
        Span<float> y = c.AllocateOutput(0, c.Input(0).Shape).MutableData<float>();
        for (int i = 0; i < y.Length; i++)
            y[i] = grids[i % grids.Length]?.Round(x[i]) ?? 0;
    }

    /// <summary>One grid for each channel; none where both bounds are 0, which says that nothing is rounded yet.</summary>
    internal static QuantizationGrid?[] Grids(KernelContext c, int inputs)
    {
        (Tensor x, Tensor min, Tensor max) = (c.Input(inputs), c.Input(inputs + 1), c.Input(inputs + 2));
        if (x.Rank < 1)
            throw c.InvalidArgument("inputs must have a last dimension of channels, got a scalar");
        foreach (Tensor bound in new[] { min, max })
        {
            if (bound.Rank != 1 || bound.Shape[0] != x.Shape[^1])
                throw c.InvalidArgument($"min and max have incorrect size, expected {x.Shape[^1]} got {bound.Shape}");
        }

        var grids = new QuantizationGrid?[min.Count];
        for (int i = 0; i < grids.Length; i++)
        {
            (float low, float high) = (min.Data<float>()[i], max.Data<float>()[i]);
            grids[i] = low == 0 && high == 0 ? null : QuantizationGrid.Of(c, low, high);
        }

        return grids;
    }
}

internal sealed class FakeQuantWithMinMaxVarsPerChannelGradientOp() : Op(
    "FakeQuantWithMinMaxVarsPerChannelGradient(gradients: float, inputs: float, min: float, max: float) "
    + "-> (backprops_wrt_input: float, backprop_wrt_min: float, backprop_wrt_max: float) where num_bits: int = 8, narrow_range: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, c.Merge(c.Input(0), c.Input(1)));
        c.Output(1, c.WithRank(2, 1));
        c.Output(2, c.WithRank(3, 1));
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Shape != c.Input(1).Shape)
            throw c.InvalidArgument("gradient and input must be the same size");
        QuantizationGrid?[] grids = FakeQuantWithMinMaxVarsPerChannelOp.Grids(c, 1);
        ReadOnlySpan<float> dy = c.Input<float>(0);
        ReadOnlySpan<float> x = c.Input<float>(1);
        Span<float> dx = c.AllocateOutput(0, c.Input(0).Shape).MutableData<float>();
        Span<float> below = c.AllocateOutput(1, c.Input(2).Shape).MutableData<float>();
        Span<float> above = c.AllocateOutput(2, c.Input(3).Shape).MutableData<float>();
        below.Clear();
        above.Clear();
        for (int i = 0; i < dx.Length; i++)
        {
            int channel = i % grids.Length;
            bool holds = grids[channel] is not { } grid || grid.Holds(x[i]);
            dx[i] = holds ? dy[i] : 0;
            if (!holds && x[i] < grids[channel]?.Min)
                below[channel] += dy[i];
            if (!holds && x[i] > grids[channel]?.Max)
                above[channel] += dy[i];
        }
    }
}
