using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

/// <summary>Operations on matrices that have three diagonals only.</summary>
internal abstract class TridiagonalOp(string signature) : Op(signature)
{
    public override void Compute(KernelContext c)
    {
        DType type = c.Operation.Outputs[0].DType;
        Check(c);
        Shape shape = c.Input(c.InputCount - 1).Shape;
        Tensor output = c.AllocateOutput(0, shape);
        DType wide = type == DType.Complex64 ? DType.Complex128 : type;
        Tensor[] inputs = new Tensor[c.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = c.Input(i);
            if (wide == type)
                continue;
            inputs[i] = c.Allocate(wide, c.Input(i).Shape);
            Casts.Convert(c.Input(i), inputs[i], c.Workers);
        }

        Tensor result = wide == type ? output : c.Allocate(wide, shape);
        NumberLoops.Run(wide, new Loop(this, c, inputs, result));
        if (wide != type)
            Casts.Convert(result, output, c.Workers);
    }

    /// <summary>Checks the shapes.</summary>
    protected abstract void Check(KernelContext c);

    /// <summary>Computes all matrices of a batch.</summary>
    protected abstract void Run<T>(KernelContext c, Tensor[] inputs, Span<T> result)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Rows moved up by one, or down, with zeros where none comes.</summary>
    protected static Output Moved(Graph graph, Output x, bool up)
    {
        Output none = graph.Zeros(graph.Stack([graph.Rank(x) - 2, 2]), DType.Int32);
        Output paddings = graph.Concat([none, up ? new[,] { { 0, 1 }, { 0, 0 } } : new[,] { { 1, 0 }, { 0, 0 } }], 0);
        return graph.Pad(up ? x[SliceIndex.Ellipsis, 1.., ..] : x[SliceIndex.Ellipsis, ..^1, ..], paddings);
    }

    /// <summary>A row with a zero before or after it.</summary>
    protected static Output Lengthened(Graph graph, Output x, bool atEnd)
    {
        Output none = graph.Zeros(graph.Stack([graph.Rank(x) - 1, 2]), DType.Int32);
        return graph.Pad(x, graph.Concat([none, atEnd ? new[,] { { 0, 1 } } : new[,] { { 1, 0 } }], 0));
    }

    private readonly record struct Loop(TridiagonalOp Op, KernelContext Context, Tensor[] Inputs, Tensor Result) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T> => Op.Run(Context, Inputs, Result.MutableData<T>());
    }
}

internal sealed class TridiagonalSolveOp() : TridiagonalOp("TridiagonalSolve(diagonals: T, rhs: T) -> (output: T) where partial_pivoting: bool = true, T: double | float | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output diagonals, Output x) = (g.Graph, g.X(0), g.Y(0));
        Output above = Lengthened(graph, diagonals[SliceIndex.Ellipsis, 2, 1..], atEnd: true);
        Output below = Lengthened(graph, diagonals[SliceIndex.Ellipsis, 0, ..^1], atEnd: false);
        Output transposed = graph.Stack([above, diagonals[SliceIndex.Ellipsis, 1, ..], below], -2);
        Output toRight = graph.AddOperation("TridiagonalSolve", null, g.Copy("partial_pivoting"), transposed, g.Dy(0))[0];
        Output main = graph.ReduceSum(toRight * x, -1);
        Output super = graph.ReduceSum(toRight[SliceIndex.Ellipsis, ..^1, ..] * x[SliceIndex.Ellipsis, 1.., ..], -1);
        Output sub = graph.ReduceSum(toRight[SliceIndex.Ellipsis, 1.., ..] * x[SliceIndex.Ellipsis, ..^1, ..], -1);
        Output toDiagonals = graph.Stack([Lengthened(graph, super, atEnd: true), main, Lengthened(graph, sub, atEnd: false)], -2);
        return [-toDiagonals, toRight];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape diagonals = c.WithRankAtLeast(0, 2);
        Shape right = c.WithRankAtLeast(1, 2);
        if (diagonals.HasRank && right.HasRank)
        {
            c.Merge(diagonals[^1], right[^2]);
            c.Merge(diagonals[^2], 3);
        }

        c.Output(0, right);
    }

    protected override void Check(KernelContext c)
    {
        (Shape diagonals, Shape right) = (c.Input(0).Shape, c.Input(1).Shape);
        if (diagonals.Rank < 2 || diagonals.Rank != right.Rank || diagonals[^2] != 3 || diagonals[^1] != right[^2] || !diagonals.Dimensions[..^2].SequenceEqual(right.Dimensions[..^2]))
            throw c.InvalidArgument($"Expected diagonals of shape [..., 3, M] and a right-hand side of shape [..., M, K], got {diagonals} and {right}");
    }

    protected override void Run<T>(KernelContext c, Tensor[] inputs, Span<T> result)
    {
        ReadOnlySpan<T> diagonals = inputs[0].Data<T>();
        inputs[1].Data<T>().CopyTo(result);
        int n = (int)inputs[0].Shape[^1];
        int columns = (int)inputs[1].Shape[^1];
        bool pivoting = c.Attributes.Bool("partial_pivoting");
        for (int matrix = 0; n > 0 && matrix < diagonals.Length / (3 * n); matrix++)
            Solve(c, diagonals.Slice(matrix * 3 * n, 3 * n), result.Slice(matrix * n * columns, n * columns), n, columns, pivoting);
    }

    // Elimination keeps, for each row, its elements on the main diagonal and the two after it.
    private static void Solve<T>(KernelContext c, ReadOnlySpan<T> diagonals, Span<T> x, int n, int columns, bool pivoting)
        where T : unmanaged, INumberBase<T>
    {
        T[] main = diagonals.Slice(n, n).ToArray();
        T[] next = diagonals[..n].ToArray();
        T[] beyond = new T[n];
        next[n - 1] = T.Zero;
        for (int i = 0; i + 1 < n; i++)
        {
            T below = diagonals[(2 * n) + i + 1];
            if (pivoting && double.CreateChecked(Size(below)) > double.CreateChecked(Size(main[i])))
            {
                (T factor, T oldNext) = (main[i] / below, next[i]);
                (main[i], next[i], beyond[i]) = (below, main[i + 1], next[i + 1]);
                main[i + 1] = oldNext - (factor * next[i]);
                next[i + 1] = -factor * beyond[i];
                for (int k = 0; k < columns; k++)
                {
                    T upper = x[(i * columns) + k];
                    x[(i * columns) + k] = x[((i + 1) * columns) + k];
                    x[((i + 1) * columns) + k] = upper - (factor * x[(i * columns) + k]);
                }
            }
            else
            {
                RequirePivot(c, main[i]);
                T factor = below / main[i];
                main[i + 1] -= factor * next[i];
                for (int k = 0; k < columns; k++)
                    x[((i + 1) * columns) + k] -= factor * x[(i * columns) + k];
            }
        }

        RequirePivot(c, main[n - 1]);
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = 0; k < columns; k++)
            {
                T value = x[(i * columns) + k];
                if (i + 1 < n)
                    value -= next[i] * x[((i + 1) * columns) + k];
                if (i + 2 < n)
                    value -= beyond[i] * x[((i + 2) * columns) + k];
                x[(i * columns) + k] = value / main[i];
            }
        }
    }

    private static T Size<T>(T value)
        where T : INumberBase<T> => T.Abs(value);

    private static void RequirePivot<T>(KernelContext c, T pivot)
        where T : INumberBase<T>
    {
        if (T.IsZero(pivot))
            throw c.InvalidArgument("The matrix is not invertible: a pivot of the elimination is zero.");
    }
}

internal sealed class TridiagonalMatMulOp() : TridiagonalOp("TridiagonalMatMul(superdiag: T, maindiag: T, subdiag: T, rhs: T) -> (output: T) where T: double | float | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output dy) = (g.Graph, g.Dy(0));
        Output right = graph.Conjugate(g.X(3));
        (Output super, Output main, Output sub) = (Column(0), Column(1), Column(2));
        Output toRight = Moved(graph, super * dy, up: false) + (main * dy) + Moved(graph, sub * dy, up: true);
        return [Row(Moved(graph, right, up: true)), Row(right), Row(Moved(graph, right, up: false)), toRight];

        Output Column(int input) => graph.ExpandDims(graph.Squeeze(graph.Conjugate(g.X(input)), [-2]), -1);
        Output Row(Output x) => graph.ExpandDims(graph.ReduceSum(x * dy, -1), -2);
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(3, 2));

    protected override void Check(KernelContext c)
    {
        Shape right = c.Input(3).Shape;
        for (int i = 0; i < 3; i++)
        {
            Shape diagonal = c.Input(i).Shape;
            if (right.Rank < 2 || diagonal.Rank != right.Rank || diagonal[^2] != 1 || diagonal[^1] != right[^2] || !diagonal.Dimensions[..^2].SequenceEqual(right.Dimensions[..^2]))
                throw c.InvalidArgument($"Expected diagonals of shape [..., 1, M] and a right-hand side of shape [..., M, N], got {diagonal} for diagonal {i} and {right}");
        }
    }

    protected override void Run<T>(KernelContext c, Tensor[] inputs, Span<T> result)
    {
        int n = (int)inputs[3].Shape[^2];
        int columns = (int)inputs[3].Shape[^1];
        ReadOnlySpan<T> super = inputs[0].Data<T>();
        ReadOnlySpan<T> main = inputs[1].Data<T>();
        ReadOnlySpan<T> sub = inputs[2].Data<T>();
        ReadOnlySpan<T> x = inputs[3].Data<T>();
        for (int i = 0; i < main.Length; i++)
        {
            for (int k = 0; k < columns; k++)
            {
                T sum = main[i] * x[(i * columns) + k];
                if (i % n + 1 < n)
                    sum += super[i] * x[((i + 1) * columns) + k];
                if (i % n > 0)
                    sum += sub[i] * x[((i - 1) * columns) + k];
                result[(i * columns) + k] = sum;
            }
        }
    }
}
