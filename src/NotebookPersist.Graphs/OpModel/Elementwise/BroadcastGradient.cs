namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>Brings the gradients of a broadcasting operation back to the shapes of its operands.</summary>
/// <remarks>Makes the nodes that TensorFlow 1.15's Python makes, in its order. Source: math_grad.py, SmartBroadcastGradientArgs.</remarks>
internal sealed class BroadcastGradient
{
    private readonly Graph _graph;
    private readonly (Operand Shape, Operand Axes, bool IsNeeded) _x;
    private readonly (Operand Shape, Operand Axes, bool IsNeeded) _y;

    private BroadcastGradient(Graph graph, (Operand, Operand, bool) x, (Operand, Operand, bool) y) => (_graph, _x, _y) = (graph, x, y);

    /// <summary>True where operands and gradient have one fully known shape, so that nothing is to do.</summary>
    public static bool IsTrivial(Output x, Output y, Output dy) => x.Shape.IsFullyKnown && x.Shape == y.Shape && x.Shape == dy.Shape;

    /// <summary>Asks how to sum, using what is known of the shapes.</summary>
    public static BroadcastGradient Smart(Output x, Output y, Output dy)
    {
        Graph graph = x.Graph;
        if (!x.Shape.IsFullyKnown || !y.Shape.IsFullyKnown)
        {
            Output sx = graph.Add<ShapeOp>(null, x);
            Output sy = graph.Add<ShapeOp>(null, y);
            return OfShapes(graph, sx, sy);
        }

        Operation args = ArgumentsOf(graph, x.Shape, y.Shape);
        return new BroadcastGradient(graph, Known(x, args[0]), Known(y, args[1]));

        (Operand, Operand, bool) Known(Output operand, Output axes) =>
            (AsTensor(operand.Shape), ConstantValues.Of(axes) ?? throw new GraphException("Reduction axes of known shapes are constant.", axes.Operation.Name), operand.Shape != dy.Shape);
    }

    /// <summary>Asks how to sum at run time, with constants for shapes that are known.</summary>
    public static BroadcastGradient Plain(Output x, Output y)
    {
        Output sx = x.Graph.Shape(x);
        return OfShapes(x.Graph, sx, x.Graph.Shape(y));
    }

    /// <summary>A gradient in the shape of x.</summary>
    public Output ToX(Output gradient, bool keepDims = false) => Reduce(gradient, _x, keepDims);

    /// <summary>A gradient in the shape of y.</summary>
    public Output ToY(Output gradient) => Reduce(gradient, _y);

    /// <summary>Asks how to sum, given both shapes as values.</summary>
    public static BroadcastGradient OfShapes(Graph graph, Output sx, Output sy)
    {
        Operation args = graph.AddOperation<BroadcastGradientArgsOp>(null, null, sx, sy);
        return new BroadcastGradient(graph, (sx, args[0], true), (sy, args[1], true));
    }

    // TensorFlow asks once a graph for each pair of shapes.
    private static Operation ArgumentsOf(Graph graph, Shape x, Shape y) =>
        graph.Once((nameof(BroadcastGradient), x, y), () => graph.AddOperation<BroadcastGradientArgsOp>(null, null, AsTensor(x), AsTensor(y)));

    private static Tensor AsTensor(Shape shape) => Tensor.Of<int>([shape.Rank], [.. shape.Select(static d => (int)d)]);

    private Output Reduce(Output gradient, (Operand Shape, Operand Axes, bool IsNeeded) to, bool keepDims = false) => to.IsNeeded
        ? _graph.Reshape(_graph.Add<SumOp>(null, new AttributeList { { "keep_dims", keepDims } }, gradient, to.Axes), to.Shape)
        : gradient;
}
