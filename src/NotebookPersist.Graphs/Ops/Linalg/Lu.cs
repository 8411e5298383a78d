using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The triangular factors of each matrix with its rows reordered.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n]. DType: floats or complex numbers.</param>
    /// <param name="indexType">int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Both factors in one, without the lower one's diagonal of ones, and the rows' order, [..., n].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.lu</c>. A matrix that has no inverse fails the run.</remarks>
    public static (Output Factors, Output Order) Lu(this Graph graph, Operand input, DType indexType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<LuOp>(name, new AttributeList { { "output_idx_type", indexType } }, input);
        return (node[0], node[1]);
    }
}

internal sealed class LuOp() : MatrixBatchOp(
    "Lu(input: T) -> (lu: T, p: output_idx_type) where T: double | float | half | complex64 | complex128, output_idx_type: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of LU factors");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = SquareShape(c);
        long n = shape.HasRank ? c.Merge(shape[^1], shape[^2]) : -1;
        c.Output(0, OuterOf(shape, n, n));
        c.Output(1, OuterOf(shape, n));
    }

    public override void Compute(KernelContext c)
    {
        LuFactors[] all = Array.ConvertAll(SquareMatrices(c, 0), static m => new LuFactors(m));
        if (Array.Exists(all, static f => f.IsSingular))
            throw c.InvalidArgument("Input is not invertible.");
        int n = (int)c.Input(0).Shape[^1];
        Write(c, 0, Array.ConvertAll(all, static f => f.Packed), n, n);
        IntVectors.Write([.. all.SelectMany(static f => f.RowOrder).Select(static i => (long)i)], c.AllocateOutput(1, [.. c.Input(0).Shape.Dimensions[..^1]]));
    }
}
