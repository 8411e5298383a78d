using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Singular values and vectors of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Shape: [..., m, n]. DType: floats or complex numbers.</param>
    /// <param name="fullMatrices">Square matrices of vectors; else min(m, n) columns.</param>
    /// <param name="computeVectors">False leaves the vectors out.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The values, descending, and left and right vectors, one a column; without vectors these two hold nothing.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.svd</c>.</remarks>
    public static (Output S, Output U, Output V) Svd(this Graph graph, Operand tensor, bool fullMatrices = false, bool computeVectors = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<SvdOp>(name, new AttributeList { { "compute_uv", computeVectors }, { "full_matrices", fullMatrices } }, tensor);
        return (node[0], node[1], node[2]);
    }
}

internal abstract class SingularValuesOp(string signature) : MatrixBatchOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [Build(g)]);

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.WithRankAtLeast(0, 2);
        (long m, long n) = shape.HasRank ? (shape[^2], shape[^1]) : (-1, -1);
        long p = m < 0 || n < 0 ? -1 : Math.Min(m, n);
        bool full = c.Attributes.Bool("full_matrices");
        c.Output(0, OuterOf(shape, p));
        c.Output(1, c.Attributes.Bool("compute_uv") ? OuterOf(shape, m, full ? m : p) : [0]);
        c.Output(2, c.Attributes.Bool("compute_uv") ? OuterOf(shape, n, full ? n : p) : [0]);
    }

    public override void Compute(KernelContext c)
    {
        bool full = c.Attributes.Bool("full_matrices");
        (int m, int n) = ((int)c.Input(0).Shape[^2], (int)c.Input(0).Shape[^1]);
        int p = Math.Min(m, n);
        SingularValues[] all = Array.ConvertAll(Matrices(c, 0), matrix => new SingularValues(matrix, full));
        Write(c, 0, Array.ConvertAll(all, static s => s.Values), p);
        if (!c.Attributes.Bool("compute_uv"))
        {
            c.AllocateOutput(1, [0]);
            c.AllocateOutput(2, [0]);
            return;
        }

        Write(c, 1, Array.ConvertAll(all, static s => s.U), m, full ? m : p);
        Write(c, 2, Array.ConvertAll(all, static s => s.V), n, full ? n : p);
    }

    private static Output Build(GradientContext g)
    {
        (Graph graph, Output a) = (g.Graph, g.X(0));
        Output ds = graph.MatrixDiag(g.Dy(0));
        if (!g.Attributes.Bool("compute_uv"))
        {
            (_, Output left, Output right) = graph.Svd(a);
            return BatchMatMul(graph, left, BatchMatMul(graph, ds, right, adjointY: true));
        }

        Shape shape = a.Shape;
        if (a.DType is DType.Complex64 or DType.Complex128)
            throw new GraphException("SVD gradient is not implemented for complex types and compute_uv=True.", g.Operation.Name, g.Operation.Type);
        if (!shape.HasRank || shape[^2] < 0 || shape[^1] < 0)
            throw new GraphException("SVD gradient has not been implemented for input with unknown inner matrix shape.", g.Operation.Name, g.Operation.Type);
        (int m, int n) = ((int)shape[^2], (int)shape[^1]);
        (Output s, Output u, Output v, Output du, Output dv) = (g.Y(0), g.Y(1), g.Y(2), g.Dy(1), g.Dy(2));
        bool swapped = m > n;
        if (swapped)
            (m, n, u, v, du, dv) = (n, m, v, u, dv, du);
        bool full = g.Attributes.Bool("full_matrices");
        if (full && n - m > 1)
            throw new GraphException("svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True.", g.Operation.Name, g.Operation.Type);

        Output square = graph.Square(s);
        Output differences = graph.ExpandDims(square, -2) - graph.ExpandDims(square, -1);
        Output f = graph.MatrixSetDiag(graph.Reciprocal(differences + graph.MatrixDiag(graph.OnesLike(s))), graph.ZerosLike(s));
        Output values = graph.MatrixDiag(s);
        Output First(Output x, int from, int count)
        {
            int rank = shape.Rank;
            int[] begin = [.. Enumerable.Repeat(0, rank - 1), from];
            int[] size = [.. Enumerable.Repeat(-1, rank - 1), count];
            return graph.Slice(x, begin, size);
        }

        Output v1 = First(v, 0, m);
        Output dv1 = First(dv, 0, m);
        Output fu = f * BatchMatMul(graph, u, du, adjointX: true);
        Output fv = f * BatchMatMul(graph, v1, dv1, adjointX: true);
        Output inner = ds + BatchMatMul(graph, fu + Adjoint(graph, fu), values) + BatchMatMul(graph, values, fv + Adjoint(graph, fv));
        Output da = BatchMatMul(graph, u, BatchMatMul(graph, inner, v1, adjointY: true));
        if (m != n)
        {
            Output turned = Adjoint(graph, dv1);
            Output outside = turned - BatchMatMul(graph, BatchMatMul(graph, turned, v1), v1, adjointY: true);
            if (full)
            {
                Output across = BatchMatMul(graph, v1, First(dv, m, n - m), adjointX: true);
                outside -= BatchMatMul(graph, across, First(v, m, n - m), adjointY: true);
            }

            da += BatchMatMul(graph, BatchMatMul(graph, u, graph.MatrixDiag(graph.Reciprocal(s))), outside);
        }

        return swapped ? Adjoint(graph, da) : da;
    }
}

internal sealed class SvdOp() : SingularValuesOp(
    "Svd(input: T) -> (s: T, u: T, v: T) where compute_uv: bool = true, full_matrices: bool = false, T: double | float | half | complex64 | complex128");

internal sealed class BatchSvdOp() : SingularValuesOp(
    "BatchSvd(input: T) -> (s: T, u: T, v: T) where compute_uv: bool = true, full_matrices: bool = false, T: double | float | complex64 | complex128");
