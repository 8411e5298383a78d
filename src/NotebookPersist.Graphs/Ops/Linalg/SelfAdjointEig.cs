using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Eigenvalues and eigenvectors of each self-adjoint matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Shape: [..., n, n]; only the lower triangle is read. DType: floats or complex numbers.</param>
    /// <param name="computeVectors">False leaves the vectors out.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The values, ascending, and the vectors, one a column.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.self_adjoint_eig</c>.</remarks>
    public static (Output Values, Output Vectors) SelfAdjointEig(this Graph graph, Operand tensor, bool computeVectors = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<SelfAdjointEigV2Op>(name, new AttributeList { { "compute_v", computeVectors } }, tensor);
        return (node[0], node[1]);
    }
}

internal abstract class EigenOp(string signature) : SpectralOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output values) = (g.Graph, g.Y(0));
        Output de = graph.MatrixDiag(g.Dy(0));
        Output da;
        if (g.Attributes.Bool("compute_v"))
        {
            Output v = g.Y(1);
            Output differences = graph.ExpandDims(values, -2) - graph.ExpandDims(values, -1);
            Output f = graph.MatrixSetDiag(graph.Reciprocal(differences), graph.ZerosLike(values));
            Output inner = de + (f * BatchMatMul(graph, v, g.Dy(1), adjointX: true));
            da = BatchMatMul(graph, v, BatchMatMul(graph, inner, v, adjointY: true));
        }
        else
        {
            (_, Output v) = graph.SelfAdjointEig(g.X(0));
            da = BatchMatMul(graph, v, BatchMatMul(graph, de, v, adjointY: true));
        }

        da = Lower(graph, da + Adjoint(graph, da));
        return [graph.MatrixSetDiag(da, graph.Multiply(0.5, graph.MatrixDiagPart(da)))];
    });

    public override void Compute(KernelContext c)
    {
        ComplexMatrix[] matrices = SquareMatrices(c, 0);
        int n = (int)c.Input(0).Shape[^1];
        SymmetricEigen[] all = Try(c, () => Array.ConvertAll(matrices, static m => new SymmetricEigen(m)));
        Write(c, 0, Array.ConvertAll(all, static e => e.Values), n);
        if (c.Attributes.Bool("compute_v"))
            Write(c, 1, Array.ConvertAll(all, static e => e.Vectors), n, n);
        else
            c.AllocateOutput(1, [0]);
    }
}

internal sealed class SelfAdjointEigV2Op() : EigenOp(
    "SelfAdjointEigV2(input: T) -> (e: T, v: T) where compute_v: bool = true, T: double | float | half | complex64 | complex128");

internal sealed class BatchSelfAdjointEigV2Op() : EigenOp("BatchSelfAdjointEigV2(input: T) -> (e: T, v: T) where compute_v: bool = true, T: double | float");

/// <summary>The older form: one matrix, whose first row holds the values.</summary>
internal abstract class PackedEigenOp(string signature) : MatrixBatchOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has a gradient of SelfAdjointEigV2 only");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = SquareShape(c);
        long n = shape.HasRank ? c.Merge(shape[^1], shape[^2]) : -1;
        c.Output(0, OuterOf(shape, n < 0 ? -1 : n + 1, n));
    }

    public override void Compute(KernelContext c)
    {
        ComplexMatrix[] matrices = SquareMatrices(c, 0);
        int n = (int)c.Input(0).Shape[^1];
        Write(c, 0, Try(c, () => Array.ConvertAll(matrices, m => Packed(new SymmetricEigen(m), n))), n + 1, n);
    }

    private static ComplexMatrix Packed(SymmetricEigen eigen, int n)
    {
        var packed = new ComplexMatrix(n + 1, n);
        for (int i = 0; i < n; i++)
            packed[0, i] = eigen.Values[i];
        eigen.Vectors.Elements.CopyTo(packed.Elements[n..]);
        return packed;
    }
}

internal sealed class SelfAdjointEigOp() : PackedEigenOp("SelfAdjointEig(input: T) -> (output: T) where T: double | float | half");

internal sealed class BatchSelfAdjointEigOp() : PackedEigenOp("BatchSelfAdjointEig(input: T) -> (output: T) where T: double | float");
