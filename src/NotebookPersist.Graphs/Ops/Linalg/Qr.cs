using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The factors of each matrix: Q with orthonormal columns and R upper triangular.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., m, n]. DType: floats or complex numbers.</param>
    /// <param name="fullMatrices">A square Q; else min(m, n) columns.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shapes: [..., m, p] and [..., p, n].</returns>
    /// <remarks>Source: TensorFlow op "Qr".</remarks>
    public static (Output Q, Output R) Qr(this Graph graph, Operand input, bool fullMatrices = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<QrOp>(name, new AttributeList { { "full_matrices", fullMatrices } }, input);
        return (node[0], node[1]);
    }
}

internal sealed class QrOp() : MatrixBatchOp("Qr(input: T) -> (q: T, r: T) where full_matrices: bool = false, T: double | float | half | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output q, Output r, Output dq, Output dr) = (g.Graph, g.Y(0), g.Y(1), g.Dy(0), g.Dy(1));
        if (q.DType is DType.Complex64 or DType.Complex128)
            throw new GraphException($"QrGrad not implemented for dtype {q.DType.Name()}.", g.Operation.Name, g.Operation.Type);
        if (!r.Shape.HasRank || r.Shape[^2] < 0 || r.Shape[^1] < 0)
            throw new GraphException("QrGrad not implemented with dynamic shapes.", g.Operation.Name, g.Operation.Type);
        if (r.Shape[^2] != r.Shape[^1])
            throw new GraphException("QrGrad not implemented when ncols > nrows or full_matrices is true and ncols != nrows.", g.Operation.Name, g.Operation.Type);
        Output qdq = BatchMatMul(graph, q, dq, adjointX: true);
        Output rdr = BatchMatMul(graph, r, dr, adjointY: true);
        Output triangle = Lower(graph, qdq - Adjoint(graph, qdq) + (rdr - Adjoint(graph, rdr)));
        Output Solved(Output x) => Adjoint(graph, graph.MatrixTriangularSolve(r, Adjoint(graph, x), lower: false));
        return [BatchMatMul(graph, q, dr + Solved(triangle)) + Solved(dq - BatchMatMul(graph, q, qdq))];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.WithRankAtLeast(0, 2);
        (long m, long n) = shape.HasRank ? (shape[^2], shape[^1]) : (-1, -1);
        long p = c.Attributes.Bool("full_matrices") ? m : m < 0 || n < 0 ? -1 : Math.Min(m, n);
        c.Output(0, OuterOf(shape, m, p));
        c.Output(1, OuterOf(shape, p, n));
    }

    public override void Compute(KernelContext c)
    {
        Householder[] factors = Array.ConvertAll(Matrices(c, 0), static m => new Householder(m));
        (int m, int n) = ((int)c.Input(0).Shape[^2], (int)c.Input(0).Shape[^1]);
        int p = c.Attributes.Bool("full_matrices") ? m : Math.Min(m, n);
        Write(c, 0, Array.ConvertAll(factors, f => f.Q(p)), m, p);
        Write(c, 1, Array.ConvertAll(factors, f => f.R(p)), p, n);
    }
}
