using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Writes tensors, or parts of tensors, to a V1 checkpoint.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="filename">DType: string, a scalar: the very name of the file.</param>
    /// <param name="names">Names in the checkpoint.</param>
    /// <param name="shapesAndSlices">One an item: empty for a whole tensor, else its full shape and which part it is.</param>
    /// <param name="tensors">The values; a variable's handle stands for its value.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SaveSlices".</remarks>
    public static Operation SaveSlices(
        this Graph graph, Operand filename, string[] names, string[] shapesAndSlices, IReadOnlyList<Output> tensors, string? name = null) =>
        graph.AddOperation<SaveSlicesOp>(name, null, [filename, names, shapesAndSlices, .. tensors.Select(static t => (Operand)t)]);
}

internal sealed class SaveSlicesOp() : Op(
    "SaveSlices(filename: string, tensor_names: string, shapes_and_slices: string, data: [T]) -> () where T: list(type) >= 1; stateful")
{
    private const int FixedInputs = 3;

    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c) => SliceFiles.Write(c, c.Input(2).Strings, FixedInputs);
}
