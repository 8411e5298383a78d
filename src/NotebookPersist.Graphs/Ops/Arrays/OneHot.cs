using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>For each index a vector that is on at the index and off elsewhere.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="indices">Any shape; uint8, int32 or int64. An index outside gives a vector that is off everywhere.</param>
    /// <param name="depth">Length of the vectors; a scalar, int32.</param>
    /// <param name="onValue">By default 1.</param>
    /// <param name="offValue">By default 0.</param>
    /// <param name="axis">Where the new dimension stands in the result; -1 puts it last.</param>
    /// <param name="dtype">Element type; by default that of the given values, or float32.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentException">A given value is not of the type.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.one_hot</c>, op "OneHot".</remarks>
    public static Output OneHot(
        this Graph graph,
        Operand indices,
        Operand depth,
        Operand onValue = default,
        Operand offValue = default,
        int axis = -1,
        DType dtype = DType.Invalid,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "one_hot");
        if (dtype == DType.Invalid)
            dtype = !onValue.IsMissing ? onValue.OwnType : !offValue.IsMissing ? offValue.OwnType : DType.Float32;
        Output on = onValue.Output ?? graph.Constant(onValue.IsMissing ? Filling.One(dtype) : onValue, dtype, name: "on_value");
        Output off = offValue.Output ?? graph.Constant(offValue.IsMissing ? Tensor.Zeros(dtype, NotebookPersist.Shape.Scalar) : offValue, dtype, name: "off_value");
        if (on.DType != off.DType)
            throw new ArgumentException($"dtype {on.DType.Name()} of on_value does not match dtype {off.DType.Name()} of off_value", nameof(offValue));
        return graph.Add<OneHotOp>(scope.Name, new AttributeList { { "axis", axis } }, indices, depth, on, off);
    }
}

internal sealed class OneHotOp() : Op(
    "OneHot(indices: TI, depth: int32, on_value: T, off_value: T) -> (output: T) where axis: int = -1, T: type, TI: uint8 | int32 | int64 + int8 = int64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("its indices are no continuous values");

    public override void InferShapes(ShapeContext c)
    {
        Shape indices = c.Input(0);
        long axis = c.Attributes.Int("axis");
        c.WithRank(1, 0);
        c.WithRank(2, 0);
        c.WithRank(3, 0);
        if (!indices.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (axis < -1 || axis > indices.Rank)
            throw c.Fault($"axis must be >= -1 and at most {indices.Rank}, but got {axis}.");
        long depth = c.InputInts(1)?[0] ?? -1;
        if (c.InputInts(1) is { } known && known[0] < 0)
            throw c.Fault($"depth must be non-negative, got: {known[0]}.");
        c.Output(0, Expanded(indices, axis, depth));
    }

    public override void Compute(KernelContext c)
    {
        Tensor indices = c.Input(0);
        long axis = c.Attributes.Int("axis");
        if (c.Input(1).Rank != 0 || c.Input(2).Rank != 0 || c.Input(3).Rank != 0)
            throw c.InvalidArgument($"depth, on_value and off_value must be scalars, but got {c.Input(1).Shape}, {c.Input(2).Shape}, {c.Input(3).Shape}");
        if (axis < -1 || axis > indices.Rank)
            throw c.InvalidArgument($"Expected axis to be -1 or between [0, {indices.Rank + 1}).  But received: {axis}");
        int depth = c.Input<int>(1)[0];
        if (depth < 0)
            throw c.InvalidArgument($"depth must be non-negative, got: {depth}");
        Tensor output = c.AllocateOutput(0, Expanded(indices.Shape, axis, depth));
        Filling.Fill(output, c.Input(3));
        int inner = axis < 0 ? 1 : IntVectors.Product(indices.Shape.Dimensions[(int)axis..]);
        var starts = new List<int>();
        for (int i = 0; i < indices.Count; i++)
        {
            Interruption.Check(i);
            long on = indices.ItemAt<long>(i);
            if (on >= 0 && on < depth)
                starts.Add(((((i / inner) * depth) + (int)on) * inner) + (i % inner));
        }

        Scattering.TryApply(output, [.. starts], 1, c.Input(2), ScatterKind.Update);
    }

    private static Shape Expanded(Shape indices, long axis, long depth)
    {
        List<long> sizes = [.. indices.Dimensions];
        sizes.Insert((int)(axis < 0 ? sizes.Count : axis), depth);
        return sizes.ToArray();
    }
}
