using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

/// <summary>An operation that takes matrices apart or solves with them, one after another.</summary>
internal abstract class MatrixBatchOp(string signature) : MatrixOp(signature)
{
    /// <summary>One tensor's matrices.</summary>
    protected static ComplexMatrix[] Matrices(KernelContext c, int input)
    {
        Shape shape = c.Input(input).Shape;
        if (shape.Rank < 2)
            throw c.InvalidArgument($"Input tensor {input} must have rank >= 2, got {shape.Rank}");
        (int rows, int columns) = ((int)shape[^2], (int)shape[^1]);
        Complex[] elements = Read(c, input);
        var matrices = new ComplexMatrix[IntVectors.Product(shape.Dimensions[..^2])];
        for (int i = 0; i < matrices.Length; i++)
            matrices[i] = new ComplexMatrix(rows, columns, elements.AsSpan(i * rows * columns, rows * columns));
        return matrices;
    }

    protected static ComplexMatrix[] SquareMatrices(KernelContext c, int input)
    {
        ComplexMatrix[] matrices = Matrices(c, input);
        Shape shape = c.Input(input).Shape;
        return shape[^1] == shape[^2] ? matrices : throw c.InvalidArgument("Input matrix must be square.");
    }

    /// <summary>Sets an output to matrices under an input's outer dimensions.</summary>
    protected static void Write(KernelContext c, int output, ComplexMatrix[] matrices, int rows, int columns)
    {
        Complex[] elements = new Complex[matrices.Length * rows * columns];
        for (int i = 0; i < matrices.Length; i++)
            matrices[i].Elements.CopyTo(elements.AsSpan(i * rows * columns));
        Write(c, output, [.. c.Input(0).Shape.Dimensions[..^2], rows, columns], elements);
    }

    /// <summary>Sets an output to vectors of real numbers under an input's outer dimensions.</summary>
    protected static void Write(KernelContext c, int output, double[][] vectors, int length) =>
        Write(c, output, [.. c.Input(0).Shape.Dimensions[..^2], length], [.. vectors.SelectMany(static v => v).Select(static v => new Complex(v, 0))]);

    /// <summary>Computes, with failures to converge told as a fault of the input.</summary>
    protected static T Try<T>(KernelContext c, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (ArithmeticException e)
        {
            throw c.InvalidArgument(e.Message);
        }
    }

    protected static Shape OuterOf(Shape shape, params ReadOnlySpan<long> inner) =>
        shape.HasRank ? [.. shape.Dimensions[..^2], .. inner] : Shape.Unknown;

    protected static Output Adjoint(Graph graph, Output x)
    {
        int rank = x.Shape.HasRank ? x.Shape.Rank : throw new GraphException($"The rank of {x} must be known to transpose its matrices.");
        int[] order = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        return graph.Transpose(x, order, conjugate: x.DType is DType.Complex64 or DType.Complex128);
    }

    protected static Output BatchEye(Graph graph, Output like) => graph.MatrixSetDiag(graph.ZerosLike(like), graph.OnesLike(graph.MatrixDiagPart(like)));

    protected static Output Lower(Graph graph, Output x) => graph.MatrixBandPart(x, -1, 0);
}

/// <summary>A function of each square matrix.</summary>
internal abstract class MatrixFunctionOp(string signature) : MatrixBatchOp(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, SquareShape(c));

    public override void Compute(KernelContext c)
    {
        ComplexMatrix[] matrices = SquareMatrices(c, 0);
        int n = (int)c.Input(0).Shape[^1];
        Write(c, 0, Try(c, () => Array.ConvertAll(matrices, Of)), n, n);
    }

    protected abstract ComplexMatrix Of(ComplexMatrix matrix);
}
