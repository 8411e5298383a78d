using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Writes tensors to a V1 checkpoint.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="filename">DType: string, a scalar: the very name of the file.</param>
    /// <param name="names">Names in the checkpoint.</param>
    /// <param name="tensors">The values; a variable's handle stands for its value.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Save".</remarks>
    public static Operation Save(this Graph graph, Operand filename, string[] names, IReadOnlyList<Output> tensors, string? name = null) =>
        graph.AddOperation<SaveOp>(name, null, [filename, names, .. tensors.Select(static t => (Operand)t)]);
}

internal sealed class SaveOp() : Op("Save(filename: string, tensor_names: string, data: [T]) -> () where T: list(type) >= 1; stateful")
{
    private const int FixedInputs = 2;

    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        byte[][] whole = new byte[c.Input(1).Strings.Length][];
        Array.Fill(whole, []);
        SliceFiles.Write(c, whole, FixedInputs);
    }
}
