using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Gradients of reading from and writing to arrays: they flow through an array of gradients, one for each call of gradients.</summary>
/// <remarks>Source: TensorFlow's tensor_array_grad.py.</remarks>
internal static class TensorArrayGradients
{
    public static Output?[] Read(GradientContext g)
    {
        Output flow = GradientArray(g, g.Dy(0), g.X(2), g.Y(0).DType).Write(g.X(1), g.Dy(0)).Flow;
        return [null, null, flow];
    }

    public static Output?[] Write(GradientContext g)
    {
        Output gradient = GradientArray(g, g.Dy(0), g.Dy(0), g.X(2).DType).Read(g.X(1));
        gradient.SetShape(g.X(2).Shape);
        return [null, null, gradient, g.Dy(0)];
    }

    public static Output?[] Gather(GradientContext g) => g.InputCount == 2
        ? throw Older(g)
        : [null, null, GradientArray(g, g.Dy(0), g.X(2), g.Y(0).DType).Scatter(g.X(1), g.Dy(0)).Flow];

    public static Output?[] Scatter(GradientContext g) => g.InputCount == 3
        ? throw Older(g)
        : [null, null, GradientArray(g, g.Dy(0), g.Dy(0), g.X(2).DType).Gather(g.X(1)), g.Dy(0)];

    public static Output?[] Concat(GradientContext g) => [null, GradientArray(g, g.Dy(0), g.X(1), g.Y(0).DType).Split(g.Dy(0), g.Y(1)).Flow];

    public static Output?[] Split(GradientContext g) => [null, GradientArray(g, g.Dy(0), g.Dy(0), g.X(1).DType).Concat(), null, g.Dy(0)];

    private static TensorArray GradientArray(GradientContext g, Output arrived, Output flow, DType dtype)
    {
        if (g.X(0).DType != DType.Resource)
            throw Older(g);
        Graph graph = g.Graph;
        using NameScope scope = graph.NameScope("TensorArrayGrad");
        using IDisposable beside = graph.ColocateWith(g.X(0).Operation);
        Output handle = graph.Add<TensorArrayGradV3Op>(null, new AttributeList { { "source", Source(arrived) } }, g.X(0), flow);
        using (graph.ControlDependencies(handle))
            return new TensorArray(graph, dtype, handle, graph.Identity(flow, "gradient_flow"), Shape.Unknown);
    }

    // Each call of gradients has its own arrays, told apart by its name scope.
    private static string Source(Output gradient)
    {
        string[] parts = gradient.Operation.Name.Split('/');
        int last = Array.FindLastIndex(parts, static p => p.StartsWith("gradients", StringComparison.Ordinal));
        return last >= 0
            ? string.Join('/', parts[..(last + 1)])
            : throw new GraphException($"Expected op/tensor name to start with gradients (excluding scope), got: {gradient.Operation.Name}. The gradient of a TensorArray needs a name scope that begins with \"gradients\".", gradient.Operation.Name, gradient.Operation.Type);
    }

    private static GraphException Older(GradientContext g) => new(
        $"No gradient defined for operation '{g.Operation.Name}' (op type: {g.Operation.Type}): only arrays of version 3 are differentiated.",
        g.Operation.Name,
        g.Operation.Type);
}
