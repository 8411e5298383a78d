using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The product of two matrices, or of two batches of matrices.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: [..., m, k], or [..., k, m] where transposed. DType: numbers.</param>
    /// <param name="b">Shape: [..., k, n], or [..., n, k] where transposed. DType: that of <paramref name="a"/>.</param>
    /// <param name="transposeA">Whether <paramref name="a"/> is to be transposed.</param>
    /// <param name="transposeB">Whether <paramref name="b"/> is to be transposed.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [..., m, n]; the batch dimensions are broadcast together.</returns>
    /// <exception cref="GraphException">The inner sizes differ.</exception>
    /// <remarks>Source: <c>tf.matmul</c>: TensorFlow op "MatMul" for matrices, "BatchMatMulV2" for more dimensions.</remarks>
    public static Output MatMul(this Graph graph, Operand a, Operand b, bool transposeA = false, bool transposeB = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (!MayBeBatch(a) && !MayBeBatch(b))
            return graph.Add<MatMulOp>(name, new AttributeList { { "transpose_a", transposeA }, { "transpose_b", transposeB } }, a, b);
        using NameScope scope = graph.NameScope(name ?? "MatMul");
        return graph.BatchMatMul(Conjugated(graph, a, transposeA), Conjugated(graph, b, transposeB), transposeA, transposeB, scope.Name);
    }

    private static bool MayBeBatch(Operand operand) => operand.Output is { } output ? output.Shape.Rank is -1 or > 2 : operand.Value is { Rank: > 2 };

    // The batched operation knows only the adjoint.
    private static Operand Conjugated(Graph graph, Operand operand, bool transpose) =>
        transpose && operand.Output is { } output && output.DType.IsComplex() ? graph.Conjugate(output) : operand;
}

internal sealed class MatMulOp() : ProductOp(
    "MatMul(a: T, b: T) -> (product: T) "
    + "where transpose_a: bool = false, transpose_b: bool = false, T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128 + uint8 | uint16 | uint32 | uint64 | int8 | int16")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        bool ta = g.Attributes.Bool("transpose_a");
        bool tb = g.Attributes.Bool("transpose_b");
        Output dy = g.Dy(0);
        Output a = Conjugate(g, g.X(0));
        Output b = Conjugate(g, g.X(1));
        return (ta, tb) switch
        {
            (false, false) => [Product(g, dy, b, false, true), Product(g, a, dy, true, false)],
            (false, true) => [Product(g, dy, b, false, false), Product(g, dy, a, true, false)],
            (true, false) => [Product(g, b, dy, false, true), Product(g, a, dy, false, false)],
            _ => [Product(g, b, dy, true, true), Product(g, dy, a, true, true)],
        };
    });

    public override void InferShapes(ShapeContext c) => InferProduct(c);

    public static void InferProduct(ShapeContext c)
    {
        Shape a = c.WithRank(0, 2);
        Shape b = c.WithRank(1, 2);
        bool ta = c.Attributes.Bool("transpose_a");
        bool tb = c.Attributes.Bool("transpose_b");
        (long left, long right) = (a[ta ? 0 : 1], b[tb ? 1 : 0]);
        if (left >= 0 && right >= 0 && left != right)
            throw c.Fault($"Dimensions must be equal, but are {left} and {right} for '{c.Operation.Name}' (op: '{c.Operation.Type}') with input shapes: {a}, {b}.");
        c.Output(0, [a[ta ? 1 : 0], b[tb ? 0 : 1]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor a = c.Input(0);
        Tensor b = c.Input(1);
        (long m, long n, long k, bool ta, bool tb) = Sizes(c, a, b);
        Tensor result = c.AllocateOutput(0, [m, n]);
        PackedProducts.Multiply<T>(c, 1, a.Data<T>(), result.MutableData<T>(), m, n, k, ta, tb, default);
    }

    protected override void ComputeComplex(KernelContext c, Func<Tensor, Complex[]> read, Action<Tensor, Complex[]> write)
    {
        Tensor a = c.Input(0);
        Tensor b = c.Input(1);
        (long m, long n, long k, bool ta, bool tb) = Sizes(c, a, b);
        var result = new Complex[m * n];
        MatrixProduct.MultiplySmall<Complex>(read(a), read(b), result, (int)m, (int)n, (int)k, ta, tb);
        write(c.AllocateOutput(0, [m, n]), result);
    }

    private static Output Product(GradientContext g, Output a, Output b, bool transposeA, bool transposeB) =>
        g.Graph.Add<MatMulOp>(null, new AttributeList { { "transpose_a", transposeA }, { "transpose_b", transposeB } }, a, b);

    private static Output Conjugate(GradientContext g, Output x) => x.DType.IsComplex() ? g.Graph.Conjugate(x) : x;

    public static (long M, long N, long K, bool TransposeA, bool TransposeB) Sizes(KernelContext c, Tensor a, Tensor b)
    {
        bool ta = c.Attributes.Bool("transpose_a");
        bool tb = c.Attributes.Bool("transpose_b");
        if (a.Rank != 2)
            throw c.InvalidArgument($"In[0] is not a matrix. Instead it has shape {a.Shape}");
        if (b.Rank != 2)
            throw c.InvalidArgument($"In[1] is not a matrix. Instead it has shape {b.Shape}");
        long k = a.Shape[ta ? 0 : 1];
        if (k != b.Shape[tb ? 1 : 0])
            throw c.InvalidArgument($"Matrix size-incompatible: In[0]: {a.Shape}, In[1]: {b.Shape}");
        return (a.Shape[ta ? 1 : 0], b.Shape[tb ? 0 : 1], k, ta, tb);
    }
}
