using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same elements under another shape.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Any shape and dtype.</param>
    /// <param name="shape">Sizes as a vector, int32 or int64; one may be -1 and follows from the others.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">The known sizes do not hold as many elements.</exception>
    /// <remarks>The bytes are shared. Source: TensorFlow op "Reshape".</remarks>
    public static Output Reshape(this Graph graph, Operand tensor, Operand shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ReshapeOp>(name, tensor, shape);
    }
}

internal sealed class ReshapeOp() : ReshapingOp("Reshape(tensor: T, shape: Tshape) -> (output: T) where T: type, Tshape: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape = g.Graph.Shape(g.X(0));
        return [g.Graph.Reshape(g.Dy(0), shape), null];
    });
}

/// <summary>The elements of input 0 in the shape that input 1 tells.</summary>
internal abstract class ReshapingOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape target = c.InputAsShape(1);
        Shape input = c.Input(0);
        if (!target.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (!input.IsFullyKnown)
        {
            c.Output(0, target);
            return;
        }

        long[] sizes = target.ToArray();
        int unknown = Array.IndexOf(sizes, -1);
        if (unknown < 0)
        {
            if (target.ElementCount != input.ElementCount)
                throw c.Fault($"Cannot reshape a tensor with {input.ElementCount} elements to shape {target} ({target.ElementCount} elements) with input shapes: {input}.");
        }
        else if (Array.LastIndexOf(sizes, -1) == unknown)
        {
            sizes[unknown] = 1;
            long rest = Shape.Create(sizes).ElementCount;
            if (rest == 0 ? input.ElementCount != 0 : input.ElementCount % rest != 0)
                throw c.Fault($"Dimension size must be evenly divisible by {rest} but is {input.ElementCount} for shape {target} with input shapes: {input}.");
            sizes[unknown] = rest == 0 ? -1 : input.ElementCount / rest;
        }

        c.Output(0, sizes);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        Tensor wanted = c.Input(1);
        if (wanted.Rank != 1)
            throw c.InvalidArgument($"sizes input must be 1-D, not {wanted.Shape}");
        long[] sizes = IntVectors.Read(wanted);
        int open = -1;
        long product = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] == -1)
                open = open < 0 ? i : throw c.InvalidArgument($"Only one input size may be -1, not both {open} and {i}");
            else if (sizes[i] < 0)
                throw c.InvalidArgument($"Size {i} must be non-negative, not {sizes[i]}");
            else
                product = Math.BigMul(product, sizes[i], out long low) == 0 && low >= 0 ? low : throw c.InvalidArgument($"Shape {Shape.Create(sizes)} is too large");
        }

        if (open >= 0)
        {
            if (product == 0)
                throw c.InvalidArgument("reshape cannot infer the missing input size for an empty tensor unless all specified input sizes are non-zero");
            sizes[open] = input.Count / product;
            if (sizes[open] * product != input.Count)
                throw c.InvalidArgument($"Input to reshape is a tensor with {input.Count} values, but the requested shape requires a multiple of {product}");
        }
        else if (product != input.Count)
        {
            throw c.InvalidArgument($"Input to reshape is a tensor with {input.Count} values, but the requested shape has {product}");
        }

        c.Output(0, input.Reshaped(sizes));
    }

    public override Shape? ValueAsShape(Operation operation) =>
        // A vector reshaped to a vector still lists the same sizes.
        operation.Outputs[0].Shape.Rank == 1 && operation.Inputs[0].Shape.Rank == 1 ? ConstantValues.AsShape(operation.Inputs[0]) : null;
}
