using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Removes dimensions of size 1.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape and dtype.</param>
    /// <param name="axis">The dimensions to remove, counted from the end where negative; by default all of size 1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>The bytes are shared. Source: TensorFlow op "Squeeze".</remarks>
    public static Output Squeeze(this Graph graph, Operand input, Axes axis = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<SqueezeOp>(name, new AttributeList { { "squeeze_dims", (IEnumerable<int>)(axis.Values ?? []) } }, input);
    }
}

internal sealed class SqueezeOp() : Op("Squeeze(input: T) -> (output: T) where T: type, squeeze_dims: list(int) >= 0 = []")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Reshape(g.Dy(0), g.Graph.Shape(g.X(0)))]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        IReadOnlyList<long> axes = c.Attributes.Ints("squeeze_dims");
        if (!input.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        // Without a list an unknown size may or may not vanish.
        bool unknown = axes.Count == 0 && input.Dimensions.Contains(-1);
        Shape squeezed = Squeezed(input, axes, out string? fault);
        if (fault is not null)
            throw c.Fault($"{fault}, with input shapes: {input}.");
        c.Output(0, unknown ? Shape.Unknown : squeezed);
    }

    public override void Compute(KernelContext c)
    {
        Shape squeezed = Squeezed(c.Input(0).Shape, c.Attributes.Ints("squeeze_dims"), out string? fault);
        if (fault is not null)
            throw c.InvalidArgument(fault);
        c.Output(0, c.Input(0).Reshaped(squeezed));
    }

    private static Shape Squeezed(Shape input, IReadOnlyList<long> axes, out string? fault)
    {
        fault = null;
        bool[] removed = new bool[input.Rank];
        foreach (long axis in axes)
        {
            if (axis < -input.Rank || axis >= input.Rank)
            {
                fault = $"Tried to squeeze dim index {axis} for tensor with {input.Rank} dimensions.";
                return input;
            }

            removed[axis < 0 ? axis + input.Rank : axis] = true;
        }

        var kept = new List<long>();
        for (int i = 0; i < removed.Length; i++)
        {
            if (axes.Count == 0 ? input[i] != 1 : !removed[i])
                kept.Add(input[i]);
            else if (input[i] > 1)
                fault = $"Can not squeeze dim[{i}], expected a dimension of 1, got {input[i]}";
        }

        return kept.ToArray();
    }
}
