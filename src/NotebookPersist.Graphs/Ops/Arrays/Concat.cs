using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    // From this many inputs on TensorFlow splits the gradient instead of slicing it once an input.
    private const int ManyConcatInputs = 16;

    /// <summary>Puts values side by side along a dimension that they have.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">At least one; of one dtype, and of one shape but for the joined dimension.</param>
    /// <param name="axis">The dimension, counted from the end where negative. A scalar, int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">Shapes or types differ.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.concat</c>, op "ConcatV2"; a single value becomes an Identity.</remarks>
    public static Output Concat(this Graph graph, ReadOnlySpan<Operand> values, Operand axis, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (values.Length != 1)
            return graph.Add<ConcatV2Op>(name ?? "concat", [.. values, axis]);
        using NameScope scope = graph.NameScope(name ?? "concat");
        if (axis.Output is null)
            graph.Constant(axis, DType.Int32, name: "concat_dim");
        return graph.Identity(values[0], name ?? "concat");
    }

    /// <summary>Where each of several values begins once they are joined.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="concatDim">The joined dimension; a scalar, int32.</param>
    /// <param name="shapes">The shapes of the values as vectors, int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "ConcatOffset".</remarks>
    public static IReadOnlyList<Output> ConcatOffset(this Graph graph, Operand concatDim, ReadOnlySpan<Operand> shapes, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<ConcatOffsetOp>(name, null, [concatDim, .. shapes]).Outputs;
    }

    internal static Output?[] ConcatGradient(GradientContext g, int axisInput)
    {
        Output[] values = [.. g.Operation.Inputs.Where((_, i) => i != axisInput)];
        var gradients = new List<Output?>();
        if (values.Length == 1)
        {
            gradients.Add(g.Dy(0));
        }
        else
        {
            Output axis = g.Graph.AddOperation("FloorMod", "mod", null, g.X(axisInput), g.Graph.Rank(values[0]))[0];
            Operand[] sizes = Array.TrueForAll(values, static v => v.Shape.IsFullyKnown)
                ? [.. values.Select(v => (Operand)g.Graph.Shape(v))]
                : [.. g.Graph.ShapeN([.. values]).Select(static s => (Operand)s)];
            if (sizes.Length > ManyConcatInputs)
            {
                Output begin = g.Graph.Stack([axis, 0], name: "Slice/begin");
                Output widths = g.Graph.Squeeze(g.Graph.Slice(g.Graph.Stack(sizes, axis: 1), begin, new[] { 1, -1 }));
                gradients.AddRange(g.Graph.Split(g.Dy(0), widths, axis, values.Length));
            }
            else
            {
                IReadOnlyList<Output> offsets = g.Graph.ConcatOffset(axis, sizes);
                for (int i = 0; i < sizes.Length; i++)
                    gradients.Add(g.Graph.Slice(g.Dy(0), offsets[i], sizes[i]));
            }
        }

        gradients.Insert(axisInput, null);
        return [.. gradients];
    }
}

internal abstract class JoiningOp(string signature) : Op(signature)
{
    protected abstract int AxisOf(int inputCount);

    public override void InferShapes(ShapeContext c)
    {
        int axisInput = AxisOf(c.InputCount);
        Shape[] parts = [.. Enumerable.Range(0, c.InputCount).Where(i => i != axisInput).Select(c.Input)];
        int rank = parts.Max(static p => p.Rank);
        if (rank < 0)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (rank == 0)
            throw c.Fault("Can't concatenate scalars (use tf.stack instead).");
        if (c.InputInts(axisInput) is not { Length: 1 } value)
        {
            c.Output(0, Shape.OfRank(rank));
            return;
        }

        if (value[0] < -rank || value[0] >= rank)
            throw c.Fault($"Expected concatenating dimensions in the range [{-rank}, {rank}), but got {value[0]}.");
        int axis = (int)(value[0] < 0 ? value[0] + rank : value[0]);
        long[] sizes = Shape.OfRank(rank).ToArray();
        sizes[axis] = 0;
        foreach (Shape part in parts)
        {
            if (!part.HasRank)
            {
                sizes[axis] = -1;
                continue;
            }

            if (part.Rank != rank)
                throw c.Fault($"Shape must be rank {rank} but is rank {part.Rank} for '{c.Operation.Name}' with input shapes: {string.Join(", ", parts.Select(static p => p.ToString()))}.");
            for (int i = 0; i < rank; i++)
            {
                if (i == axis)
                    sizes[i] = sizes[i] < 0 || part[i] < 0 ? -1 : sizes[i] + part[i];
                else
                    sizes[i] = c.Merge(sizes[i], part[i]);
            }
        }

        c.Output(0, sizes);
    }

    public override void Compute(KernelContext c)
    {
        int axisInput = AxisOf(c.InputCount);
        Tensor axisValue = c.Input(axisInput);
        if (axisValue.Count != 1)
            throw c.InvalidArgument($"Concat dim tensor should be a scalar integer, but got shape {axisValue.Shape}");
        Shape first = c.Input(axisInput == 0 ? 1 : 0).Shape;
        // Old files join scalars as if they were vectors of one.
        int rank = Math.Max(1, first.Rank);
        long asked = IntVectors.Read(axisValue)[0];
        if (asked < -rank || asked >= rank)
            throw c.InvalidArgument($"ConcatOp : Expected concatenating dimensions in the range [{-first.Rank}, {first.Rank}), but got {asked}");
        int axis = (int)(asked < 0 ? asked + rank : asked);
        var parts = new List<Tensor>();
        long[] sizes = first.Rank == 0 ? [0] : first.ToArray();
        sizes[axis] = 0;
        for (int i = 0; i < c.InputCount; i++)
        {
            if (i == axisInput)
                continue;
            Tensor part = c.Input(i);
            Require(c, first, part.Shape, axis, parts.Count);
            sizes[axis] += part.Rank == 0 ? 1 : part.Shape[axis];
            parts.Add(part);
        }

        Tensor output = c.AllocateOutput(0, sizes);
        Joining.Join([.. parts], output, IntVectors.Product(output.Shape.Dimensions[..axis]), c.Workers);
    }

    public override Shape? ValueAsShape(Operation operation)
    {
        if (operation.Outputs[0].Shape.Rank != 1)
            return null;
        Shape whole = Shape.Scalar;
        int axisInput = AxisOf(operation.Inputs.Count);
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            if (i != axisInput)
                whole = whole.Concatenate(ConstantValues.AsShape(operation.Inputs[i]));
        }

        return whole.HasRank ? whole : null;
    }

    private static void Require(KernelContext c, Shape first, Shape part, int axis, int number)
    {
        if (part.Rank != first.Rank)
            throw c.InvalidArgument($"ConcatOp : Ranks of all input tensors should match: shape[0] = {first} vs. shape[{number}] = {part}");
        for (int i = 0; i < part.Rank; i++)
        {
            if (i != axis && part[i] != first[i])
                throw c.InvalidArgument($"ConcatOp : Dimensions of inputs should match: shape[0] = {first} vs. shape[{number}] = {part}");
        }
    }
}

internal sealed class ConcatOp() : JoiningOp("Concat(concat_dim: int32, values: N * T) -> (output: T) where N: int >= 2, T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g => GraphOps.ConcatGradient(g, 0));

    protected override int AxisOf(int inputCount) => 0;
}

internal sealed class ConcatV2Op() : JoiningOp("ConcatV2(values: N * T, axis: Tidx) -> (output: T) where N: int >= 2, T: type, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => GraphOps.ConcatGradient(g, g.InputCount - 1));

    protected override int AxisOf(int inputCount) => inputCount - 1;
}

internal sealed class ConcatOffsetOp() : Op("ConcatOffset(concat_dim: int32, shape: N * int32 + shape_type) -> (offset: N * int32 + shape_type) where N: int >= 2")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("positions do not change with the values");

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, c.WithRank(i + 1, 1));
    }

    public override void Compute(KernelContext c)
    {
        int rank = c.Input(1).Count;
        int axis = c.Input<int>(0)[0];
        if (axis < -rank || axis >= rank)
            throw c.InvalidArgument($"Concat dim is out of range: {axis} vs. {rank}");
        axis = axis < 0 ? axis + rank : axis;
        long at = 0;
        long[] first = IntVectors.Read(c.Input(1));
        for (int i = 1; i < c.InputCount; i++)
        {
            long[] sizes = IntVectors.Read(c.Input(i));
            if (sizes.Length != rank)
                throw c.InvalidArgument($"input {i - 1} should contain {rank} elements, but got {sizes.Length}");
            for (int d = 0; d < rank; d++)
            {
                if (d != axis && sizes[d] != first[d])
                    throw c.InvalidArgument($"All dimensions except {axis} must match. Input {i - 1} has shape [{string.Join(' ', sizes)}] and doesn't match input 0 with shape [{string.Join(' ', first)}].");
            }

            Tensor offset = c.AllocateOutput(i - 1, c.Input(i).Shape);
            offset.MutableBytes.Clear();
            if (offset.DType == DType.Int64)
                offset.MutableData<long>()[axis] = at;
            else
                offset.MutableData<int>()[axis] = checked((int)at);
            at += sizes[axis];
        }
    }
}
