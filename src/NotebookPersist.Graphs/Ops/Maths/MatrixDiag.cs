using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Square matrices with the given diagonals, zero elsewhere.</summary>
    /// <returns>Shape: [..., n, n] for [..., n].</returns>
    /// <remarks>Source: TensorFlow op "MatrixDiag".</remarks>
    public static Output MatrixDiag(this Graph graph, Operand diagonal, string? name = null) => graph.Add<MatrixDiagOp>(name, diagonal);

    /// <summary>The diagonals of matrices.</summary>
    /// <returns>Shape: [..., min(m, n)] for [..., m, n].</returns>
    /// <remarks>Source: TensorFlow op "MatrixDiagPart".</remarks>
    public static Output MatrixDiagPart(this Graph graph, Operand input, string? name = null) => graph.Add<MatrixDiagPartOp>(name, input);

    /// <summary>The given matrices with other diagonals.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., m, n].</param>
    /// <param name="diagonal">Shape: [..., min(m, n)].</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "MatrixSetDiag".</remarks>
    public static Output MatrixSetDiag(this Graph graph, Operand input, Operand diagonal, string? name = null) => graph.Add<MatrixSetDiagOp>(name, input, diagonal);

    /// <summary>The given matrices, zero but for a band around the diagonal.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., m, n].</param>
    /// <param name="lower">Diagonals kept below the main one; all where negative. DType: int32 or int64.</param>
    /// <param name="upper">Diagonals kept above the main one; all where negative.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "MatrixBandPart".</remarks>
    public static Output MatrixBandPart(this Graph graph, Operand input, Operand lower, Operand upper, string? name = null) => graph.Add<MatrixBandPartOp>(name, input, lower, upper);
}

/// <summary>An operation that moves elements to and from diagonals, whatever they are.</summary>
internal abstract class DiagonalOp(string signature) : Op(signature)
{
    /// <summary>Number, rows and columns of the matrices of a shape.</summary>
    protected static (int Count, int Rows, int Columns) Matrices(KernelContext c, Shape shape) => shape.Rank >= 2
        ? (IntVectors.Product(shape.Dimensions[..^2]), (int)shape[^2], (int)shape[^1])
        : throw c.InvalidArgument($"input must be at least 2-dim, received shape: {shape}");

    /// <summary>Copies one element.</summary>
    protected static void Copy(Tensor from, int fromAt, Tensor to, int toAt)
    {
        int size = from.DType.Size();
        from.Bytes.Slice(fromAt * size, size).CopyTo(to.MutableBytes[(toAt * size)..]);
    }

    protected static Tensor Zeros(KernelContext c, Shape shape)
    {
        Tensor tensor = c.AllocateOutput(0, shape);
        if (tensor.Buffer is not { } buffer)
            throw c.Unsupported(tensor.DType);
        buffer.Bytes.Clear();
        return tensor;
    }

    protected static long Smaller(long rows, long columns) => rows < 0 || columns < 0 ? -1 : Math.Min(rows, columns);
}

internal abstract class ToDiagonalOp(string signature) : DiagonalOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.MatrixDiagPart(g.Dy(0))]);

    public override void InferShapes(ShapeContext c)
    {
        Shape diagonal = c.WithRankAtLeast(0, 1);
        c.Output(0, diagonal.HasRank ? [.. diagonal.Dimensions, diagonal[^1]] : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        Tensor diagonal = c.Input(0);
        if (diagonal.Rank == 0)
            throw c.InvalidArgument("input must be at least 1-dim, received shape: []");
        int n = (int)diagonal.Shape[^1];
        Tensor result = Zeros(c, [.. diagonal.Shape.Dimensions, n]);
        for (int i = 0; i < diagonal.Count; i++)
            Copy(diagonal, i, result, (i * n) + (i % n));
    }
}

internal sealed class MatrixDiagOp() : ToDiagonalOp("MatrixDiag(diagonal: T) -> (output: T) where T: type");

internal sealed class BatchMatrixDiagOp() : ToDiagonalOp(
    "BatchMatrixDiag(diagonal: T) -> (output: T) where T: type");

internal abstract class DiagonalPartOp(string signature) : DiagonalOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Shape shape = g.X(0).Shape;
        bool isSquare = shape.Rank >= 2 && shape[^1] >= 0 && shape[^1] == shape[^2];
        return [isSquare ? g.Graph.MatrixDiag(g.Dy(0)) : g.Graph.MatrixSetDiag(g.Graph.ZerosLike(g.X(0)), g.Dy(0))];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.WithRankAtLeast(0, 2);
        c.Output(0, shape.HasRank ? [.. shape.Dimensions[..^2], Smaller(shape[^2], shape[^1])] : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        (int count, int rows, int columns) = Matrices(c, input.Shape);
        int n = Math.Min(rows, columns);
        Tensor result = Zeros(c, [.. input.Shape.Dimensions[..^2], n]);
        for (int i = 0; i < count * n; i++)
            Copy(input, (i / n * rows * columns) + (i % n * (columns + 1)), result, i);
    }
}

internal sealed class MatrixDiagPartOp() : DiagonalPartOp("MatrixDiagPart(input: T) -> (diagonal: T) where T: type");

internal sealed class BatchMatrixDiagPartOp() : DiagonalPartOp(
    "BatchMatrixDiagPart(input: T) -> (diagonal: T) where T: type");

internal abstract class SetDiagonalOp(string signature) : DiagonalOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output zeros = g.Graph.ZerosLike(g.X(1));
        Output toInput = g.Graph.MatrixSetDiag(g.Dy(0), zeros);
        return [toInput, g.Graph.MatrixDiagPart(g.Dy(0))];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.WithRankAtLeast(0, 2);
        if (shape.HasRank && c.Input(1).HasRank)
            c.Merge(c.Input(1), [.. shape.Dimensions[..^2], Smaller(shape[^2], shape[^1])]);
        c.Output(0, shape);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor input, Tensor diagonal) = (c.Input(0), c.Input(1));
        (int count, int rows, int columns) = Matrices(c, input.Shape);
        int n = Math.Min(rows, columns);
        if (diagonal.Count != count * n)
            throw c.InvalidArgument($"must have diagonal.shape == input.shape[:-2] + min(input.shape[-2:]), but received input shape: {input.Shape} and diagonal shape: {diagonal.Shape}");
        Tensor result = Zeros(c, input.Shape);
        input.Bytes.CopyTo(result.MutableBytes);
        for (int i = 0; i < count * n; i++)
            Copy(diagonal, i, result, (i / n * rows * columns) + (i % n * (columns + 1)));
    }
}

internal sealed class MatrixSetDiagOp() : SetDiagonalOp("MatrixSetDiag(input: T, diagonal: T) -> (output: T) where T: type");

internal sealed class BatchMatrixSetDiagOp() : SetDiagonalOp(
    "BatchMatrixSetDiag(input: T, diagonal: T) -> (output: T) where T: type");

internal abstract class BandPartOp(string signature) : DiagonalOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.MatrixBandPart(g.Dy(0), g.X(1), g.X(2)), null, null]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        (int count, int rows, int columns) = Matrices(c, input.Shape);
        long lower = IntVectors.Read(c.Input(1))[0];
        long upper = IntVectors.Read(c.Input(2))[0];
        Tensor result = Zeros(c, input.Shape);
        for (int i = 0; i < count * rows * columns; i++)
        {
            int row = i / columns % rows;
            int column = i % columns;
            if ((lower < 0 || row - column <= lower) && (upper < 0 || column - row <= upper))
                Copy(input, i, result, i);
        }
    }
}

internal sealed class MatrixBandPartOp() : BandPartOp("MatrixBandPart(input: T, num_lower: Tindex, num_upper: Tindex) -> (band: T) where T: type, Tindex: int32 | int64 = int64");

internal sealed class BatchMatrixBandPartOp() : BandPartOp(
    "BatchMatrixBandPart(input: T, num_lower: int64, num_upper: int64) -> (band: T) where T: type");
