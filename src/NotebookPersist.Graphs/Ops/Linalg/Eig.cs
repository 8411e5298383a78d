using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Eigenvalues and eigenvectors of each square matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Shape: [..., n, n]. DType: float32, float64 or complex numbers.</param>
    /// <param name="computeVectors">False leaves the vectors out.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The values, in no order, and the vectors, of length 1, one a column. DType: complex numbers.</returns>
    /// <remarks>Source: <c>tf.linalg.eig</c> of TensorFlow 2.2 and later.</remarks>
    public static (Output Values, Output Vectors) Eig(this Graph graph, Output tensor, bool computeVectors = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        DType type = tensor.DType is DType.Float64 or DType.Complex128 ? DType.Complex128 : DType.Complex64;
        Operation node = graph.AddOperation<EigOp>(name, new AttributeList { { "compute_v", computeVectors }, { "Tout", type } }, tensor);
        return (node[0], node[1]);
    }
}

internal sealed class EigOp() : SpectralOp(
    "Eig(input: T) -> (e: Tout, v: Tout) where compute_v: bool = true, T: float | double | complex64 | complex128, Tout: complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output values) = (g.Graph, g.Y(0));
        bool hasVectors = g.Attributes.Bool("compute_v");
        Output v = hasVectors ? g.Y(1) : graph.Eig(g.X(0)).Vectors;
        Output adjoint = Adjoint(graph, v);
        Output middle = graph.MatrixDiag(g.Dy(0));
        if (hasVectors)
        {
            Output differences = graph.ExpandDims(values, -2) - graph.ExpandDims(values, -1);
            Output factors = graph.Conjugate(graph.MatrixSetDiag(graph.Reciprocal(differences), graph.ZerosLike(values)));
            Output turned = BatchMatMul(graph, adjoint, g.Dy(1));
            // Vectors have length 1, so that what lies along them does not count.
            Output along = graph.MatrixDiag(graph.Cast(graph.Real(graph.MatrixDiagPart(turned)), v.DType));
            middle += factors * (turned - BatchMatMul(graph, BatchMatMul(graph, adjoint, v), along));
        }

        Output dx = graph.MatrixSolve(adjoint, BatchMatMul(graph, middle, adjoint));
        return [g.X(0).DType is DType.Float32 or DType.Float64 ? graph.Real(dx) : dx];
    });

    public override void Compute(KernelContext c)
    {
        ComplexMatrix[] matrices = SquareMatrices(c, 0);
        Shape shape = c.Input(0).Shape;
        int n = (int)shape[^1];
        Schur[] all = Try(c, () => Array.ConvertAll(matrices, static m => new Schur(m)));
        Write(c, 0, Shape.Create(shape.Dimensions[..^1]), [.. all.SelectMany(s => Enumerable.Range(0, n).Select(i => s.T[i, i]))]);
        if (c.Attributes.Bool("compute_v"))
            Write(c, 1, Array.ConvertAll(all, static s => s.EigenVectors()), n, n);
        else
            c.AllocateOutput(1, [0]);
    }
}
