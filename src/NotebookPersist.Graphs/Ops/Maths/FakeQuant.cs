using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Numbers rounded as if stored in few bits between fixed bounds.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">DType: float32.</param>
    /// <param name="min">Lower bound; moved a little so that 0 is stored exactly.</param>
    /// <param name="max">Upper bound.</param>
    /// <param name="bits">From 2 to 16.</param>
    /// <param name="narrowRange">True leaves out the lowest stored number.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "FakeQuantWithMinMaxArgs".</remarks>
    public static Output FakeQuantWithMinMaxArgs(this Graph graph, Operand inputs, float min = -6, float max = 6, int bits = 8, bool narrowRange = false, string? name = null) =>
        graph.Add<FakeQuantWithMinMaxArgsOp>(name, new AttributeList { { "min", min }, { "max", max }, { "num_bits", (long)bits }, { "narrow_range", narrowRange } }, inputs);

    /// <summary>Numbers rounded as if stored in few bits between bounds that are values of the graph.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">DType: float32.</param>
    /// <param name="min">Lower bound, a scalar; moved a little so that 0 is stored exactly.</param>
    /// <param name="max">Upper bound, a scalar.</param>
    /// <param name="bits">From 2 to 16.</param>
    /// <param name="narrowRange">True leaves out the lowest stored number.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "FakeQuantWithMinMaxVars".</remarks>
    public static Output FakeQuantWithMinMaxVars(this Graph graph, Operand inputs, Operand min, Operand max, int bits = 8, bool narrowRange = false, string? name = null) =>
        graph.Add<FakeQuantWithMinMaxVarsOp>(name, new AttributeList { { "num_bits", (long)bits }, { "narrow_range", narrowRange } }, inputs, min, max);
}

/// <summary>The grid that numbers are rounded to: bounds moved so that 0 lies on it.</summary>
internal readonly record struct QuantizationGrid(float Min, float Max, float Scale)
{
    public static QuantizationGrid Of(KernelContext c, float min, float max)
    {
        int most = (1 << (int)c.Attributes.Int("num_bits")) - 1;
        int least = c.Attributes.Bool("narrow_range") ? 1 : 0;
        float scale = (max - min) / (most - least);
        float zero = least - (min / scale);
        float nudged = zero < least ? least : zero > most ? most : MathF.Round(zero, MidpointRounding.AwayFromZero);
        return new QuantizationGrid((least - nudged) * scale, (most - nudged) * scale, scale);
    }

    public bool Holds(float x) => x >= Min && x <= Max;

    public float Round(float x) => (MathF.Floor(((Math.Clamp(x, Min, Max) - Min) / Scale) + 0.5f) * Scale) + Min;
}

internal sealed class FakeQuantWithMinMaxArgsOp() : Op("FakeQuantWithMinMaxArgs(inputs: float) -> (outputs: float) where min: float = -6, max: float = 6, num_bits: int = 8, narrow_range: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<FakeQuantWithMinMaxArgsGradientOp>(null, new AttributeList
    {
        { "min", g.Attributes.Float("min") },
        { "max", g.Attributes.Float("max") },
        { "num_bits", g.Attributes.Int("num_bits") },
        { "narrow_range", g.Attributes.Bool("narrow_range") },
    }, g.Dy(0), g.X(0))]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        QuantizationGrid grid = QuantizationGrid.Of(c, c.Attributes.Float("min"), c.Attributes.Float("max"));
        ReadOnlySpan<float> x = c.Input<float>(0);
        Span<float> y = c.AllocateOutput(0, c.Input(0).Shape).MutableData<float>();
        for (int i = 0; i < y.Length; i++)
            y[i] = grid.Round(x[i]);
    }
}

internal sealed class FakeQuantWithMinMaxArgsGradientOp() : Op("FakeQuantWithMinMaxArgsGradient(gradients: float, inputs: float) -> (backprops: float) where min: float = -6, max: float = 6, num_bits: int = 8, narrow_range: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    public override void Compute(KernelContext c)
    {
        QuantizationGrid grid = QuantizationGrid.Of(c, c.Attributes.Float("min"), c.Attributes.Float("max"));
        ReadOnlySpan<float> dy = c.Input<float>(0);
        ReadOnlySpan<float> x = c.Input<float>(1);
        Span<float> dx = c.AllocateOutput(0, c.Input(0).Shape).MutableData<float>();
        for (int i = 0; i < dx.Length; i++)
            dx[i] = grid.Holds(x[i]) ? dy[i] : 0;
    }
}

internal sealed class FakeQuantWithMinMaxVarsOp() : Op("FakeQuantWithMinMaxVars(inputs: float, min: float, max: float) -> (outputs: float) where num_bits: int = 8, narrow_range: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation node = g.Graph.AddOperation<FakeQuantWithMinMaxVarsGradientOp>(
            null,
            new AttributeList { { "num_bits", g.Attributes.Int("num_bits") }, { "narrow_range", g.Attributes.Bool("narrow_range") } },
            g.Dy(0), g.X(0), g.X(1), g.X(2));
        return [node[0], node[1], node[2]];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        float min = c.Input<float>(1)[0];
        float max = c.Input<float>(2)[0];
        ReadOnlySpan<float> x = c.Input<float>(0);
        Span<float> y = c.AllocateOutput(0, c.Input(0).Shape).MutableData<float>();
        if (min == 0 && max == 0)
        {
            y.Clear();
            return;
        }

        QuantizationGrid grid = QuantizationGrid.Of(c, min, max);
        for (int i = 0; i < y.Length; i++)
            y[i] = grid.Round(x[i]);
    }
}

internal sealed class FakeQuantWithMinMaxVarsGradientOp() : Op("FakeQuantWithMinMaxVarsGradient(gradients: float, inputs: float, min: float, max: float) -> (backprops_wrt_input: float, backprop_wrt_min: float, backprop_wrt_max: float) where num_bits: int = 8, narrow_range: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, c.Merge(c.Input(0), c.Input(1)));
        c.Output(1, Shape.Scalar);
        c.Output(2, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        ReadOnlySpan<float> dy = c.Input<float>(0);
        ReadOnlySpan<float> x = c.Input<float>(1);
        float min = c.Input<float>(2)[0];
        float max = c.Input<float>(3)[0];
        // Bounds that are both 0 say that nothing is rounded yet.
        bool isOpen = min == 0 && max == 0;
        QuantizationGrid grid = isOpen ? default : QuantizationGrid.Of(c, min, max);
        Span<float> dx = c.AllocateOutput(0, c.Input(0).Shape).MutableData<float>();
        float below = 0;
        float above = 0;
        for (int i = 0; i < dx.Length; i++)
        {
            dx[i] = isOpen || grid.Holds(x[i]) ? dy[i] : 0;
            below += !isOpen && x[i] < grid.Min ? dy[i] : 0;
            above += !isOpen && x[i] > grid.Max ? dy[i] : 0;
        }

        c.AllocateOutput(1, Shape.Scalar).MutableData<float>()[0] = below;
        c.AllocateOutput(2, Shape.Scalar).MutableData<float>()[0] = above;
    }
}
