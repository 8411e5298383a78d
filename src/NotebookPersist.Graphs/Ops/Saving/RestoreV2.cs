using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Reads tensors from a checkpoint, V1 or V2.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="prefix">DType: string, a scalar.</param>
    /// <param name="names">Names in the checkpoint.</param>
    /// <param name="shapeAndSlices">One an item: empty for a whole tensor, else its full shape and which part to read.</param>
    /// <param name="dtypes">Element types that the tensors must have.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "RestoreV2".</remarks>
    public static Operation RestoreV2(this Graph graph, Operand prefix, string[] names, string[] shapeAndSlices, IReadOnlyList<DType> dtypes, string? name = null) =>
        graph.AddOperation<RestoreV2Op>(name, new AttributeList { { "dtypes", dtypes } }, prefix, names, shapeAndSlices);
}

internal sealed class RestoreV2Op() : Op(
    "RestoreV2(prefix: string, tensor_names: string, shape_and_slices: string) -> (tensors: [dtypes]) where dtypes: list(type) >= 1; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("what a file holds depends on nothing in the graph");

    public override void InferShapes(ShapeContext c)
    {
        Tensor? slices = c.InputValue(2);
        for (int i = 0; i < c.OutputCount; i++)
        {
            string slice = slices is not null && slices.Count == c.OutputCount ? Encoding.UTF8.GetString(slices.Strings[i]) : "";
            c.Output(i, slice.Length == 0 ? Shape.Unknown : SliceShape(c, slice));
        }
    }

    public override void Compute(KernelContext c)
    {
        string prefix = (string)c.Input(0);
        ReadOnlySpan<byte[]> names = c.Input(1).Strings;
        ReadOnlySpan<byte[]> slices = c.Input(2).Strings;
        IReadOnlyList<DType> dtypes = c.Attributes.Types("dtypes");
        if (names.Length != dtypes.Count || slices.Length != dtypes.Count)
            throw c.InvalidArgument($"Got {names.Length} tensor names, {slices.Length} slices and {dtypes.Count} expected dtypes.");
        using CheckpointReader reader = CheckpointFiles.Open(prefix);
        for (int i = 0; i < names.Length; i++)
        {
            string slice = Encoding.UTF8.GetString(slices[i]);
            c.Output(i, CheckpointFiles.Read(reader, Encoding.UTF8.GetString(names[i]), slice, dtypes[i], c.Workers.Cancellation));
        }
    }

    private static Shape SliceShape(ShapeContext c, string specification)
    {
        try
        {
            (long[] fullShape, TensorSlice slice) = TensorSlice.ParseShapeAndSlice(specification);
            return slice.Resolve(fullShape).Lengths;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            throw c.Fault(fault.Message);
        }
    }
}
