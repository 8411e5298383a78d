using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Takes a value apart along a dimension, which vanishes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Rank at least 1.</param>
    /// <param name="num">Number of parts; by default the known size of the dimension.</param>
    /// <param name="axis">The dimension, counted from the end where negative.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentException">The number is neither given nor known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.unstack</c>, op "Unpack".</remarks>
    public static IReadOnlyList<Output> Unstack(this Graph graph, Operand value, int? num = null, int axis = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output input = graph.ToOutput(value);
        if (num is null)
        {
            Shape shape = input.Shape;
            if (shape.HasRank && (axis < -shape.Rank || axis >= shape.Rank))
                throw new ArgumentException($"axis = {axis} not in [{-shape.Rank}, {shape.Rank})", nameof(axis));
            long size = shape.HasRank ? shape[axis < 0 ? axis + shape.Rank : axis] : -1;
            num = size >= 0 ? (int)size : throw new ArgumentException($"Cannot infer num from shape {shape.ToPythonString()}", nameof(num));
        }

        return graph.AddOperation<UnpackOp>(name ?? "unstack", new AttributeList { { "num", num.Value }, { "axis", axis } }, input).Outputs;
    }
}

internal sealed class UnpackOp() : Op("Unpack(value: T) -> (output: num * T) where num: int >= 0, T: type, axis: int = 0")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var parts = new Operand[g.Operation.Outputs.Count];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = g.Dy(i);
        return [g.Graph.Stack(parts, (int)g.Attributes.Int("axis"))];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRankAtLeast(0, 1);
        if (!input.HasRank)
            return;
        long axis = c.Attributes.Int("axis");
        if (axis < -input.Rank || axis >= input.Rank)
            throw c.Fault($"axis = {axis} not in [{-input.Rank}, {input.Rank}).");
        int at = (int)(axis < 0 ? axis + input.Rank : axis);
        if (input[at] >= 0 && input[at] != c.OutputCount)
            throw c.Fault($"Dimension must be {c.OutputCount} but is {input[at]} with input shapes: {input}.");
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, Without(input, at));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long axis = c.Attributes.Int("axis");
        if (axis < -input.Rank || axis >= input.Rank)
            throw c.InvalidArgument($"axis = {axis} not in [{-input.Rank}, {input.Rank})");
        int at = (int)(axis < 0 ? axis + input.Rank : axis);
        Tensor[] parts = new Tensor[c.Operation.Outputs.Count];
        if (input.Shape[at] != parts.Length)
            throw c.InvalidArgument($"Input shape axis {at} must equal {parts.Length}, got shape {input.Shape}");
        for (int i = 0; i < parts.Length; i++)
            parts[i] = c.AllocateOutput(i, Without(input.Shape, at));
        Joining.Split(input, parts, IntVectors.Product(input.Shape.Dimensions[..at]), c.Workers);
    }

    private static Shape Without(Shape shape, int axis)
    {
        List<long> sizes = [.. shape.Dimensions];
        sizes.RemoveAt(axis);
        return sizes.ToArray();
    }
}
