using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Solves systems of linear equations.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="matrix">Shape: [..., n, n]. DType: floats or complex numbers.</param>
    /// <param name="rightSide">Shape: [..., n, k].</param>
    /// <param name="adjoint">Solves with the adjoint matrices.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [..., n, k].</returns>
    /// <remarks>Source: TensorFlow op "MatrixSolve". A matrix that has no inverse fails the run.</remarks>
    public static Output MatrixSolve(this Graph graph, Operand matrix, Operand rightSide, bool adjoint = false, string? name = null) =>
        graph.Add<MatrixSolveOp>(name, new AttributeList { { "adjoint", adjoint } }, matrix, rightSide);

    /// <summary>Solves systems of linear equations whose matrices are triangular.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="matrix">Shape: [..., n, n]; only one triangle is read. DType: floats or complex numbers.</param>
    /// <param name="rightSide">Shape: [..., n, k].</param>
    /// <param name="lower">Which triangle.</param>
    /// <param name="adjoint">Solves with the adjoint matrices.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [..., n, k].</returns>
    /// <remarks>Source: TensorFlow op "MatrixTriangularSolve".</remarks>
    public static Output MatrixTriangularSolve(this Graph graph, Operand matrix, Operand rightSide, bool lower = true, bool adjoint = false, string? name = null) =>
        graph.Add<MatrixTriangularSolveOp>(name, new AttributeList { { "lower", lower }, { "adjoint", adjoint } }, matrix, rightSide);

    /// <summary>The solutions of least squares problems.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="matrix">Shape: [..., m, n]. DType: floats or complex numbers.</param>
    /// <param name="rightSide">Shape: [..., m, k].</param>
    /// <param name="regularizer">Weight of the solution's own squares; used only where <paramref name="fast"/>.</param>
    /// <param name="fast">By normal equations; else by an orthogonal decomposition, which bears dependent columns.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [..., n, k].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.matrix_solve_ls</c>, op "MatrixSolveLs".</remarks>
    public static Output MatrixSolveLs(this Graph graph, Operand matrix, Operand rightSide, double regularizer = 0, bool fast = true, string? name = null) =>
        graph.Add<MatrixSolveLsOp>(name, new AttributeList { { "fast", fast } }, matrix, rightSide, regularizer);
}

/// <summary>X of A X = B, in some sense.</summary>
internal abstract class SolvingOp(string signature) : MatrixBatchOp(signature)
{
    /// <summary>Whether matrices must be square.</summary>
    protected virtual bool IsSquare => true;

    public override void InferShapes(ShapeContext c)
    {
        Shape matrix = IsSquare ? SquareShape(c) : c.WithRankAtLeast(0, 2);
        Shape right = c.WithRankAtLeast(1, 2);
        if (!matrix.HasRank || !right.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        c.Merge(matrix[^2], right[^2]);
        Shape batch = c.Merge(Shape.Create(matrix.Dimensions[..^2]), Shape.Create(right.Dimensions[..^2]));
        c.Output(0, [.. batch.Dimensions, IsSquare ? c.Merge(matrix[^1], right[^2]) : matrix[^1], right[^1]]);
    }

    public override void Compute(KernelContext c)
    {
        ComplexMatrix[] a = IsSquare ? SquareMatrices(c, 0) : Matrices(c, 0);
        ComplexMatrix[] b = Matrices(c, 1);
        (Shape left, Shape right) = (c.Input(0).Shape, c.Input(1).Shape);
        if (left[^2] != right[^2])
            throw c.InvalidArgument($"Input matrix and rhs are incompatible: {left} and {right}");
        if (left.Rank != right.Rank || !left.Dimensions[..^2].SequenceEqual(right.Dimensions[..^2]))
            throw c.InvalidArgument($"All input tensors must have the same outer dimensions: {left} and {right}");
        var x = new ComplexMatrix[a.Length];
        for (int i = 0; i < x.Length; i++)
        {
            Interruption.Check();
            x[i] = Solve(c, a[i], b[i]);
        }

        Write(c, 0, x, (int)left[^1], (int)right[^1]);
    }

    protected abstract ComplexMatrix Solve(KernelContext c, ComplexMatrix a, ComplexMatrix b);

    protected static Output?[] ByAdjoint(GradientContext g, Func<bool, Output> solve)
    {
        bool adjoint = g.Attributes.Bool("adjoint");
        Output right = solve(!adjoint);
        Output left = adjoint
            ? BatchMatMul(g.Graph, g.Y(0), right, adjointY: true)
            : BatchMatMul(g.Graph, right, g.Y(0), adjointY: true);
        return [-left, right];
    }
}

internal abstract class SquareSolvingOp(string signature) : SolvingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => ByAdjoint(g, adjoint => g.Graph.MatrixSolve(g.X(0), g.Dy(0), adjoint)));

    protected override ComplexMatrix Solve(KernelContext c, ComplexMatrix a, ComplexMatrix b)
    {
        var factors = new LuFactors(c.Attributes.Bool("adjoint") ? a.Adjoint() : a);
        return factors.IsSingular ? throw c.InvalidArgument("Input matrix is not invertible.") : factors.Solve(b);
    }
}

internal sealed class MatrixSolveOp() : SquareSolvingOp("MatrixSolve(matrix: T, rhs: T) -> (output: T) where adjoint: bool = false, T: double | float | half | complex64 | complex128");

internal sealed class BatchMatrixSolveOp() : SquareSolvingOp("BatchMatrixSolve(matrix: T, rhs: T) -> (output: T) where adjoint: bool = false, T: double | float");

internal abstract class TriangularSolvingOp(string signature) : SolvingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        bool lower = g.Attributes.Bool("lower");
        Output?[] both = ByAdjoint(g, adjoint => g.Graph.MatrixTriangularSolve(g.X(0), g.Dy(0), lower, adjoint));
        return [g.Graph.MatrixBandPart(both[0] ?? g.X(0), lower ? -1 : 0, lower ? 0 : -1), both[1]];
    });

    protected override ComplexMatrix Solve(KernelContext c, ComplexMatrix a, ComplexMatrix b)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            if (a[i, i] == System.Numerics.Complex.Zero)
                throw c.InvalidArgument("Input matrix is not invertible.");
        }

        Triangular.Solve(a, b, c.Attributes.Bool("lower"), c.Attributes.Bool("adjoint"), unitDiagonal: false);
        return b;
    }
}

internal sealed class MatrixTriangularSolveOp() : TriangularSolvingOp(
    "MatrixTriangularSolve(matrix: T, rhs: T) -> (output: T) where lower: bool = true, adjoint: bool = false, T: double | float | half | complex64 | complex128");

internal sealed class BandedTriangularSolveOp() : SolvingOp(
    "BandedTriangularSolve(matrix: T, rhs: T) -> (output: T) where lower: bool = true, adjoint: bool = false, T: double | float | half | complex64 | complex128")
{
    // Bands keep their columns, so shorter ones begin late: as TensorFlow aligns them.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        bool lower = g.Attributes.Bool("lower");
        long bands = g.X(0).Shape is { HasRank: true, Rank: > 1 } shape ? shape[^2] : -1;
        if (bands < 1)
            throw new GraphException("The gradient of BandedTriangularSolve needs the number of bands.", g.Operation.Name, g.Operation.Type);
        Output?[] both = ByAdjoint(g, adjoint => g.Graph.Add<BandedTriangularSolveOp>(null, new AttributeList { { "lower", lower }, { "adjoint", adjoint } }, g.X(0), g.Dy(0)));
        int[] range = lower ? [(int)(1 - bands), 0] : [0, (int)(bands - 1)];
        Output zero = g.Graph.Cast(0, g.X(0).DType);
        var align = new AttributeList { { "align", "RIGHT_RIGHT" } };
        Output diagonals = g.Graph.Add<MatrixDiagPartV3Op>(null, align, both[0] ?? g.X(0), range, zero);
        return [bands == 1 ? g.Graph.ExpandDims(diagonals, -2) : diagonals, both[1]];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(1, 2));

    public override void Compute(KernelContext c)
    {
        (ComplexMatrix[] bands, ComplexMatrix[] right) = (Matrices(c, 0), Matrices(c, 1));
        (Shape left, Shape shape) = (c.Input(0).Shape, c.Input(1).Shape);
        if (left[^2] < 1 || left[^1] != shape[^2] || left.Rank != shape.Rank || !left.Dimensions[..^2].SequenceEqual(shape.Dimensions[..^2]))
            throw c.InvalidArgument($"Input matrix and rhs are incompatible: {left} and {shape}");
        Write(c, 0, [.. bands.Zip(right, (band, b) => Solve(c, band, b))], (int)shape[^2], (int)shape[^1]);
    }

    protected override ComplexMatrix Solve(KernelContext c, ComplexMatrix a, ComplexMatrix b)
    {
        bool lower = c.Attributes.Bool("lower");
        int n = a.Columns;
        var full = new ComplexMatrix(n, n);
        // Row d of a lower band matrix is diagonal -d; of an upper one the main diagonal comes last. Columns stay where they are.
        for (int d = 0; d < Math.Min(a.Rows, n); d++)
        {
            for (int i = d; i < n; i++)
                full[lower ? i : i - d, lower ? i - d : i] = lower ? a[d, i] : a[a.Rows - 1 - d, i];
        }

        for (int i = 0; i < n; i++)
        {
            if (full[i, i] == System.Numerics.Complex.Zero)
                throw c.InvalidArgument("Input matrix is not invertible.");
        }

        Triangular.Solve(full, b, lower, c.Attributes.Bool("adjoint"), unitDiagonal: false);
        return b;
    }
}

internal sealed class BatchMatrixTriangularSolveOp() : TriangularSolvingOp(
    "BatchMatrixTriangularSolve(matrix: T, rhs: T) -> (output: T) where lower: bool = true, adjoint: bool = false, T: double | float");

internal abstract class LeastSquaresOp(string signature) : SolvingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output a, Output b) = (g.Graph, g.X(0), g.X(1));
        if (!g.Attributes.Bool("fast"))
            throw new GraphException("Gradient not defined for fast=False.", g.Operation.Name, g.Operation.Type);
        Shape shape = a.Shape;
        if (!shape.HasRank || shape[^1] < 0 || shape[^2] < 0)
            throw new GraphException("The gradient of MatrixSolveLs needs the size of its matrices.", g.Operation.Name, g.Operation.Type);
        bool tall = shape[^2] >= shape[^1];
        Output gramian = tall ? BatchMatMul(graph, a, a, adjointX: true) : BatchMatMul(graph, a, a, adjointY: true);
        Output weight = graph.Cast(g.X(2), a.DType);
        Output factor = graph.Cholesky(graph.MatrixSetDiag(gramian, graph.MatrixDiagPart(gramian) + weight));
        Output Solved(Output right) => graph.MatrixTriangularSolve(factor, graph.MatrixTriangularSolve(factor, right), adjoint: true);
        if (tall)
        {
            Output z = Solved(g.Dy(0));
            Output xz = BatchMatMul(graph, g.Y(0), z, adjointY: true);
            Output both = xz + Adjoint(graph, xz);
            return [BatchMatMul(graph, b, z, adjointY: true) - BatchMatMul(graph, a, both), BatchMatMul(graph, a, z), null];
        }

        Output toB = Solved(BatchMatMul(graph, a, g.Dy(0)));
        Output solved = Solved(b);
        Output first = BatchMatMul(graph, toB, BatchMatMul(graph, solved, a, adjointX: true));
        Output rest = g.Dy(0) - BatchMatMul(graph, a, toB, adjointX: true);
        return [BatchMatMul(graph, solved, rest, adjointY: true) - first, toB, null];
    });

    protected override bool IsSquare => false;

    protected override ComplexMatrix Solve(KernelContext c, ComplexMatrix a, ComplexMatrix b)
    {
        if (c.Input(2).Rank != 0)
            throw c.InvalidArgument($"l2_regularizer must be scalar, got shape {c.Input(2).Shape}");
        double weight = c.Input<double>(2)[0];
        if (weight < 0)
            throw c.InvalidArgument("l2_regularizer must be >= 0.");
        if (!c.Attributes.Bool("fast"))
            return ByDecomposition(a, b);
        bool tall = a.Rows >= a.Columns;
        ComplexMatrix adjoint = a.Adjoint();
        ComplexMatrix gramian = tall ? adjoint.Times(a) : a.Times(adjoint);
        gramian = gramian.Plus(ComplexMatrix.Identity(gramian.Rows, gramian.Rows), weight);
        ComplexMatrix factor = Triangular.Cholesky(gramian)
            ?? throw c.InvalidArgument("Input matrix was rank deficient or ill-conditioned. Try setting fast=False or provide a larger l2_regularizer > 0.");
        ComplexMatrix right = tall ? adjoint.Times(b) : b.Copy();
        Triangular.Solve(factor, right, lower: true, adjoint: false, unitDiagonal: false);
        Triangular.Solve(factor, right, lower: true, adjoint: true, unitDiagonal: false);
        return tall ? right : adjoint.Times(right);
    }

    // The shortest solution, by the pseudoinverse; singular values at rounding's size count as zero.
    private static ComplexMatrix ByDecomposition(ComplexMatrix a, ComplexMatrix b)
    {
        var svd = new SingularValues(a, full: false);
        ComplexMatrix projected = svd.U.Adjoint().Times(b);
        double least = svd.Values.Length == 0 ? 0 : svd.Values[0] * Math.Max(a.Rows, a.Columns) * 2.2204460492503131e-16;
        for (int i = 0; i < projected.Rows; i++)
        {
            for (int k = 0; k < projected.Columns; k++)
                projected[i, k] = svd.Values[i] > least ? projected[i, k] / svd.Values[i] : 0;
        }

        return svd.V.Times(projected);
    }
}

internal sealed class MatrixSolveLsOp() : LeastSquaresOp(
    "MatrixSolveLs(matrix: T, rhs: T, l2_regularizer: double) -> (output: T) where T: double | float | half | complex64 | complex128, fast: bool = true");

internal sealed class BatchMatrixSolveLsOp() : LeastSquaresOp(
    "BatchMatrixSolveLs(matrix: T, rhs: T, l2_regularizer: double) -> (output: T) where T: double | float, fast: bool = true");
