using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The determinant of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n]. DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [...].</returns>
    /// <remarks>Source: TensorFlow op "MatrixDeterminant".</remarks>
    public static Output MatrixDeterminant(this Graph graph, Operand input, string? name = null) => graph.Add<MatrixDeterminantOp>(name, input);

    /// <summary>Sign and logarithm of the magnitude of the determinant of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n]. DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape of both: [...].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.linalg.slogdet</c>, op "LogMatrixDeterminant".</remarks>
    public static (Output Sign, Output LogAbsoluteDeterminant) LogMatrixDeterminant(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<LogMatrixDeterminantOp>(name, null, input);
        return (node[0], node[1]);
    }
}

internal abstract class DeterminantOp(string signature) : MatrixOp(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape shape = SquareShape(c);
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, shape.HasRank ? shape.Dimensions[..^2].ToArray() : Shape.Unknown);
    }

    protected static ((Complex Sign, double Log)[] Values, Shape Shape) Determinants(KernelContext c)
    {
        int n = SquareSize(c);
        Shape shape = c.Input(0).Shape.Dimensions[..^2].ToArray();
        Complex[] matrices = Read(c, 0);
        var values = new (Complex, double)[(int)shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            Interruption.Check();
            values[i] = Determinant(matrices.AsSpan(i * n * n, n * n), n);
        }

        return (values, shape);
    }

    protected static Output TimesInverse(GradientContext g, Output scale)
    {
        Output inverse = g.Graph.MatrixInverse(g.X(0), adjoint: true);
        Output shape = g.Graph.Concat([g.Graph.Shape(scale), new[] { 1, 1 }], 0);
        return g.Graph.Reshape(scale, shape) * inverse;
    }
}

internal abstract class PlainDeterminantOp(string signature) : DeterminantOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [TimesInverse(g, g.Dy(0) * g.Y(0))]);

    public override void Compute(KernelContext c)
    {
        (var values, Shape shape) = Determinants(c);
        Write(c, 0, shape, [.. values.Select(static v => v.Sign == Complex.Zero ? Complex.Zero : v.Sign * Math.Exp(v.Log))]);
    }
}

internal sealed class MatrixDeterminantOp() : PlainDeterminantOp("MatrixDeterminant(input: T) -> (output: T) where T: half | float | double | complex64 | complex128");

internal sealed class BatchMatrixDeterminantOp() : PlainDeterminantOp(
    "BatchMatrixDeterminant(input: T) -> (output: T) where T: float | double | complex64 | complex128");

internal sealed class LogMatrixDeterminantOp() : DeterminantOp("LogMatrixDeterminant(input: T) -> (sign: T, log_abs_determinant: T) where T: half | float | double | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [TimesInverse(g, g.Dy(1))]);

    public override void Compute(KernelContext c)
    {
        (var values, Shape shape) = Determinants(c);
        Write(c, 0, shape, [.. values.Select(static v => v.Sign)]);
        Write(c, 1, shape, [.. values.Select(static v => new Complex(v.Log, 0))]);
    }
}
