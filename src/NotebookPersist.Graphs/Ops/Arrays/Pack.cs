using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Puts values of one shape side by side along a new dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">At least one; all of one shape and dtype.</param>
    /// <param name="axis">Where the new dimension stands in the result; -1 puts it last.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">Shapes or types differ.</exception>
    /// <remarks>
    /// Source: TensorFlow's <c>tf.stack</c>, op "Pack"; along dimension 0 plain values among them become constants <c>stack/0</c>, <c>stack/1</c>,
    /// and plain values alone become one constant, as in Python.
    /// </remarks>
    public static Output Stack(this Graph graph, ReadOnlySpan<Operand> values, int axis = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        name ??= "stack";
        var attributes = new AttributeList { { "axis", axis } };
        Operand[] all = values.ToArray();
        Output? typed = Array.Find(all, static v => v.Output is not null).Output;
        if (axis != 0)
            return graph.Add<PackOp>(name, attributes, values);
        if (typed is null)
            return graph.Constant(Operand.Create(all), name: name);
        using NameScope scope = graph.NameScope(name);
        for (int i = 0; i < all.Length; i++)
            all[i] = all[i].Output ?? graph.Constant(all[i], typed.DType, name: i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return graph.Add<PackOp>(scope.Name, attributes, all);
    }
}

internal sealed class PackOp() : Op("Pack(values: N * T) -> (output: T) where N: int >= 1, T: type, axis: int = 0")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [.. g.Graph.Unstack(g.Dy(0), g.InputCount, (int)g.Attributes.Int("axis"))]);

    public override void InferShapes(ShapeContext c)
    {
        Shape common = c.Input(0);
        for (int i = 1; i < c.InputCount; i++)
        {
            Shape next = c.Input(i);
            if (!common.IsCompatibleWith(next))
                throw c.Fault($"Shapes must be equal rank and size, but {common} and {next} were given: from merging shape {i - 1} with other shapes.");
            common = common.MergeWith(next);
        }

        if (!common.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        long axis = c.Attributes.Int("axis");
        if (axis < -common.Rank - 1 || axis > common.Rank)
            throw c.Fault($"axis = {axis} not in [{-common.Rank - 1}, {common.Rank + 1}).");
        c.Output(0, Packed(common, axis, c.InputCount));
    }

    public override void Compute(KernelContext c)
    {
        Shape shape = c.Input(0).Shape;
        long axis = c.Attributes.Int("axis");
        if (axis < -shape.Rank - 1 || axis > shape.Rank)
            throw c.InvalidArgument($"axis = {axis} not in [{-shape.Rank - 1}, {shape.Rank + 1})");
        Tensor[] parts = new Tensor[c.InputCount];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = c.Input(i);
            if (parts[i].Shape != shape)
                throw c.InvalidArgument($"Shapes of all inputs must match: values[0].shape = {shape} != values[{i}].shape = {parts[i].Shape}");
        }

        Tensor output = c.AllocateOutput(0, Packed(shape, axis, parts.Length));
        Joining.Join(parts, output, IntVectors.Product(shape.Dimensions[..(int)(axis < 0 ? axis + shape.Rank + 1 : axis)]), c.Workers);
    }

    public override Shape? ValueAsShape(Operation operation)
    {
        if (operation.Outputs[0].Shape.Rank != 1)
            return null;
        long[] sizes = new long[operation.Inputs.Count];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = ConstantValues.Of(operation.Inputs[i]) is { Count: 1 } value && value.DType.IsInteger() ? Math.Max(-1, value.ItemAt<long>(0)) : -1;
        return sizes;
    }

    /// <summary>Plain values as one plain value.</summary>
    internal static Tensor Joined(Operand[] values, string what)
    {
        DType type = TypeOf(values);
        return Tensor.Create(Array.ConvertAll(values, v => v.IsMissing ? throw new ArgumentException($"A value is missing in {what}.", nameof(values)) : TensorCasts.Convert(v.Value!, type, what)));
    }

    // What has a type of its own decides; of numbers alone the widest: a list of 1 and 2.5 is one of floats.
    private static DType TypeOf(Operand[] values)
    {
        if (Array.Find(values, static v => !v.IsLiteral && !v.IsMissing).Value is { } typed)
            return typed.DType;
        DType[] widest = [DType.Float64, DType.Float32, DType.Int64];
        return Array.Find(widest, w => Array.Exists(values, v => v.Value?.DType == w)) is not DType.Invalid and var found ? found : DType.Int32;
    }

    private static Shape Packed(Shape shape, long axis, int count)
    {
        List<long> sizes = [.. shape.Dimensions];
        sizes.Insert((int)(axis < 0 ? axis + shape.Rank + 1 : axis), count);
        return sizes.ToArray();
    }
}
