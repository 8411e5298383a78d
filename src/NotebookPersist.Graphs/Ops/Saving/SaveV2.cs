using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Writes tensors to a V2 checkpoint.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="prefix">DType: string, a scalar.</param>
    /// <param name="names">Names in the checkpoint.</param>
    /// <param name="shapeAndSlices">One an item: empty for a whole tensor, else its full shape and which part it is.</param>
    /// <param name="tensors">The values; a variable's handle stands for its value.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SaveV2".</remarks>
    public static Operation SaveV2(this Graph graph, Operand prefix, string[] names, string[] shapeAndSlices, IReadOnlyList<Output> tensors, string? name = null) =>
        graph.AddOperation<SaveV2Op>(name, null, [prefix, names, shapeAndSlices, .. tensors.Select(static t => (Operand)t)]);
}

internal sealed class SaveV2Op() : Op(
    "SaveV2(prefix: string, tensor_names: string, shape_and_slices: string, tensors: [dtypes]) -> () where dtypes: list(type) >= 1; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        string prefix = (string)c.Input(0);
        ReadOnlySpan<byte[]> names = c.Input(1).Strings;
        ReadOnlySpan<byte[]> slices = c.Input(2).Strings;
        const int fixedInputs = 3;
        if (names.Length != c.InputCount - fixedInputs || slices.Length != names.Length)
            throw c.InvalidArgument($"Got {names.Length} tensor names but {c.InputCount - fixedInputs} tensors.");

        // Every value is asked for before the first byte is written: an uninitialised variable leaves no file behind.
        var tensors = new Tensor[names.Length];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = c.Input(fixedInputs + i);
        using BundleWriter writer = BundleWriter.Create(prefix, tensors.Sum(static t => t.ByteCount));
        for (int i = 0; i < tensors.Length; i++)
        {
            string name = Encoding.UTF8.GetString(names[i]);
            string slice = Encoding.UTF8.GetString(slices[i]);
            if (slice.Length == 0)
                writer.Add(name, tensors[i], c.Workers.Cancellation);
            else
                AddSlice(c, writer, name, slice, tensors[i]);
        }

        writer.Finish();
    }

    private static void AddSlice(KernelContext c, BundleWriter writer, string name, string specification, Tensor tensor)
    {
        (long[] fullShape, TensorSlice slice) = TensorSlice.ParseShapeAndSlice(specification);
        (_, long[] lengths) = slice.Resolve(fullShape);
        if (tensor.Shape != (Shape)lengths)
            throw c.InvalidArgument($"Slice in shape_and_slice specification does not match the shape of the tensor to  save: {specification}, tensor: {tensor.Shape}");
        writer.Add(name, fullShape, slice, tensor, c.Workers.Cancellation);
    }
}
