using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Diagonals of matrices between two of them, counted upwards from the main one; in their compact form each is a row, filled at its end or its beginning.</summary>
internal abstract class DiagonalsOp(string signature, int version) : Op(signature)
{
    /// <summary>Which operations of the family belong together.</summary>
    protected string Version { get; } = $"V{version}";

    /// <summary>How a gradient of the same version is aligned.</summary>
    protected AttributeList? Alignment(GradientContext g) => version == 3 ? g.Copy("align") : null;

    /// <summary>Whether the row of a diagonal is filled at its beginning.</summary>
    protected bool IsRight(KernelContext c, int diagonal)
    {
        if (version < 3)
            return false;
        string align = c.Attributes.String("align");
        bool isLeft = (diagonal >= 0 && align.StartsWith("LEFT", StringComparison.Ordinal)) || (diagonal <= 0 && align.EndsWith("LEFT", StringComparison.Ordinal));
        return !isLeft;
    }

    /// <summary>The lowest and the highest diagonal.</summary>
    protected static (int Lower, int Upper) Range(KernelContext c, Tensor k)
    {
        if (k.Rank > 1 || k.Count is not (1 or 2))
            throw c.InvalidArgument($"diag_index must be a scalar or vector, received shape: {k.Shape}; with one or two elements");
        (int lower, int upper) = (k.Data<int>()[0], k.Data<int>()[^1]);
        return lower <= upper ? (lower, upper) : throw c.InvalidArgument($"lower_diag_index must not be larger than upper_diag_index: {lower} > {upper}");
    }

    protected static void RequireInside(KernelContext c, int lower, int upper, long rows, long columns)
    {
        foreach (int d in (int[])[lower, upper])
        {
            if (!(-rows < d && d < columns) && d != 0)
                throw c.InvalidArgument($"diag_index is out of bound: {d}. It must be between {-rows} and {columns}");
        }
    }

    /// <summary>Length of the longest of the diagonals.</summary>
    protected static long Longest(int lower, int upper, long rows, long columns) =>
        Math.Min(rows + Math.Min(upper, 0), columns - Math.Max(lower, 0));

    /// <summary>Visits all places of the diagonals of all matrices.</summary>
    /// <param name="lower">The lowest diagonal.</param>
    /// <param name="upper">The highest diagonal.</param>
    /// <param name="rows">Rows of each matrix.</param>
    /// <param name="columns">Columns of each matrix.</param>
    /// <param name="count">Elements of the compact forms of all matrices.</param>
    /// <param name="c">Tells the alignment.</param>
    /// <param name="visit">Gets the place in the compact forms and that in the matrices.</param>
    protected void Visit(int lower, int upper, int rows, int columns, int count, KernelContext c, Action<int, int> visit)
    {
        int length = (int)Math.Max(0, Longest(lower, upper, rows, columns));
        int compact = (upper - lower + 1) * length;
        for (int matrix = 0; compact > 0 && matrix < count / compact; matrix++)
        {
            for (int d = upper; d >= lower; d--)
            {
                (int row, int column) = (Math.Max(-d, 0), Math.Max(d, 0));
                int present = Math.Min(rows - row, columns - column);
                int fill = IsRight(c, d) ? length - present : 0;
                int from = (matrix * compact) + ((upper - d) * length) + fill;
                int first = (matrix * rows * columns) + (row * columns) + column;
                for (int n = 0; n < present; n++)
                    visit(from + n, first + (n * (columns + 1)));
            }
        }
    }

    protected static void Copy(Tensor from, int fromAt, Tensor to, int toAt)
    {
        if (from.DType == DType.String)
        {
            NotebookPersist.Kernels.RawElements.Raw<byte[]>(to)[toAt] = from.Strings[fromAt];
            return;
        }

        int size = from.DType.Size();
        from.Bytes.Slice(fromAt * size, size).CopyTo(to.MutableBytes[(toAt * size)..]);
    }

    /// <summary>The shape of diagonals in their compact form.</summary>
    protected static Shape Compact(ReadOnlySpan<long> batch, int lower, int upper, long length) =>
        lower == upper ? [.. batch, length] : [.. batch, upper - lower + 1, length];

    protected static (int Lower, int Upper)? KnownRange(ShapeContext c, int input) => c.InputInts(input) is { Length: 1 or 2 } k ? ((int)k[0], (int)k[^1]) : null;
}

internal sealed class MatrixDiagV2Op() : MatrixOfDiagonalsOp("MatrixDiagV2(diagonal: T, k: int32, num_rows: int32, num_cols: int32, padding_value: T) -> (output: T) where T: type", 2);

internal sealed class MatrixDiagV3Op() : MatrixOfDiagonalsOp(
    "MatrixDiagV3(diagonal: T, k: int32, num_rows: int32, num_cols: int32, padding_value: T) "
    + "-> (output: T) "
    + "where T: type, align: 'LEFT_RIGHT' | 'RIGHT_LEFT' | 'LEFT_LEFT' | 'RIGHT_RIGHT' = 'RIGHT_LEFT'", 3);

internal abstract class MatrixOfDiagonalsOp(string signature, int version) : DiagonalsOp(signature, version)
{
    public override GradientRule Gradient => GradientRule.Via(g =>
        [g.Graph.AddOperation("MatrixDiagPart" + Version, null, Alignment(g), g.Dy(0), g.X(1), g.Graph.Constant(0, g.Dy(0).DType))[0], null, null, null, null]);

    public override void InferShapes(ShapeContext c)
    {
        Shape diagonal = c.WithRankAtLeast(0, 1);
        if (!diagonal.HasRank || KnownRange(c, 1) is not var (lower, upper) || lower > upper)
            return;
        int batch = diagonal.Rank - (lower == upper ? 1 : 2);
        if (batch < 0)
            throw c.Fault($"Diagonals {lower} to {upper} need at least two dimensions, not the shape {diagonal}.");
        long[]? rows = c.InputInts(2);
        long[]? columns = c.InputInts(3);
        if (rows is not [var r] || columns is not [var n] || diagonal[^1] < 0)
            c.Output(0, Shape.Create(diagonal.Dimensions[..batch]).Concatenate([-1, -1]));
        else
            c.Output(0, Shape.Create(diagonal.Dimensions[..batch]).Concatenate(Size(lower, upper, diagonal[^1], r, n)));
    }

    public override void Compute(KernelContext c)
    {
        Tensor diagonal = c.Input(0);
        (int lower, int upper) = Range(c, c.Input(1));
        int batch = diagonal.Rank - (lower == upper ? 1 : 2);
        if (batch < 0)
            throw c.InvalidArgument($"diagonal must be at least {(lower == upper ? 1 : 2)}-dim, received shape: {diagonal.Shape}");
        if (lower != upper && diagonal.Shape[^2] != upper - lower + 1)
            throw c.InvalidArgument($"The number of rows of `diagonal` doesn't match the number of diagonals implied from `d_lower` and `d_upper`: {diagonal.Shape[^2]} vs. {upper - lower + 1}");
        if (c.Input(4).Count != 1)
            throw c.InvalidArgument("padding_value must be a scalar");
        (long givenRows, long givenColumns) = (c.Input<int>(2)[0], c.Input<int>(3)[0]);
        long length = diagonal.Shape[^1];
        long leastRows = length - Math.Min(upper, 0);
        long leastColumns = length + Math.Max(lower, 0);
        if (givenRows != -1 && givenRows < leastRows)
            throw c.InvalidArgument("The number of rows is too small.");
        if (givenColumns != -1 && givenColumns < leastColumns)
            throw c.InvalidArgument("The number of columns is too small.");
        Shape size = Size(lower, upper, length, givenRows, givenColumns);
        if (size[0] != leastRows && size[1] != leastColumns)
            throw c.InvalidArgument("The number of rows or columns is not consistent with the specified d_lower, d_upper, and diagonal.");
        RequireInside(c, lower, upper, size[0], size[1]);
        Tensor output = c.AllocateOutput(0, Shape.Create(diagonal.Shape.Dimensions[..batch]).Concatenate(size));
        NotebookPersist.Kernels.Filling.Fill(output, c.Input(4));
        (int rows, int columns) = ((int)size[0], (int)size[1]);
        Visit(lower, upper, rows, columns, diagonal.Count, c, (n, at) => Copy(diagonal, n, output, at));
    }

    // Where nothing is said, the matrix is square; where one size is said, the other one is the least that holds the diagonals.
    private static Shape Size(int lower, int upper, long length, long rows, long columns)
    {
        long leastRows = length - Math.Min(upper, 0);
        long leastColumns = length + Math.Max(lower, 0);
        if (rows == -1 && columns == -1)
            rows = columns = Math.Max(leastRows, leastColumns);
        return [rows == -1 ? leastRows : rows, columns == -1 ? leastColumns : columns];
    }
}

internal sealed class MatrixDiagPartV2Op() : DiagonalsOfMatrixOp("MatrixDiagPartV2(input: T, k: int32, padding_value: T) -> (diagonal: T) where T: type", 2);

internal sealed class MatrixDiagPartV3Op() : DiagonalsOfMatrixOp(
    "MatrixDiagPartV3(input: T, k: int32, padding_value: T) "
    + "-> (diagonal: T) "
    + "where T: type, align: 'LEFT_RIGHT' | 'RIGHT_LEFT' | 'LEFT_LEFT' | 'RIGHT_RIGHT' = 'RIGHT_LEFT'", 3);

internal abstract class DiagonalsOfMatrixOp(string signature, int version) : DiagonalsOp(signature, version)
{
    public override GradientRule Gradient => GradientRule.Via(g =>
    {
        Shape shape = g.X(0).Shape;
        if (shape.Rank < 2 || shape[^1] < 0 || shape[^2] < 0)
            return [g.Graph.AddOperation("MatrixSetDiag" + Version, null, Alignment(g), g.Graph.ZerosLike(g.X(0)), g.Dy(0), g.X(1))[0], null, null];
        Output padding = g.Graph.Constant(0, g.Dy(0).DType);
        return [g.Graph.AddOperation("MatrixDiag" + Version, null, Alignment(g), g.Dy(0), g.X(1), (int)shape[^2], (int)shape[^1], padding)[0], null, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRankAtLeast(0, 2);
        if (!input.HasRank || KnownRange(c, 1) is not var (lower, upper) || lower > upper)
            return;
        long length = input[^1] < 0 || input[^2] < 0 ? -1 : Math.Max(0, Longest(lower, upper, input[^2], input[^1]));
        c.Output(0, Compact(input.Dimensions[..^2], lower, upper, length));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Rank < 2)
            throw c.InvalidArgument($"input must be at least 2-dim, received shape: {input.Shape}");
        (int lower, int upper) = Range(c, c.Input(1));
        (int rows, int columns) = ((int)input.Shape[^2], (int)input.Shape[^1]);
        RequireInside(c, lower, upper, rows, columns);
        int length = (int)Longest(lower, upper, rows, columns);
        Tensor output = c.AllocateOutput(0, Compact(input.Shape.Dimensions[..^2], lower, upper, length));
        NotebookPersist.Kernels.Filling.Fill(output, c.Input(2));
        Visit(lower, upper, rows, columns, output.Count, c, (n, at) => Copy(input, at, output, n));
    }
}

internal sealed class MatrixSetDiagV2Op() : ReplacedDiagonalsOp("MatrixSetDiagV2(input: T, diagonal: T, k: int32) -> (output: T) where T: type", 2);

internal sealed class MatrixSetDiagV3Op() : ReplacedDiagonalsOp(
    "MatrixSetDiagV3(input: T, diagonal: T, k: int32) "
    + "-> (output: T) "
    + "where T: type, align: 'LEFT_RIGHT' | 'RIGHT_LEFT' | 'LEFT_LEFT' | 'RIGHT_RIGHT' = 'RIGHT_LEFT'", 3);

internal abstract class ReplacedDiagonalsOp(string signature, int version) : DiagonalsOp(signature, version)
{
    public override GradientRule Gradient => GradientRule.Via(g =>
    {
        Output zeros = g.Graph.ZerosLike(g.X(1));
        Output padding = g.Graph.Constant(0, g.Dy(0).DType);
        return
        [
            g.Graph.AddOperation("MatrixSetDiag" + Version, null, Alignment(g), g.Dy(0), zeros, g.X(2))[0],
            g.Graph.AddOperation("MatrixDiagPart" + Version, null, Alignment(g), g.Dy(0), g.X(2), padding)[0],
            null,
        ];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(0, 2));

    public override void Compute(KernelContext c)
    {
        (Tensor input, Tensor diagonal) = (c.Input(0), c.Input(1));
        if (input.Rank < 2)
            throw c.InvalidArgument($"input must be at least 2-dim, received shape: {input.Shape}");
        (int lower, int upper) = Range(c, c.Input(2));
        (int rows, int columns) = ((int)input.Shape[^2], (int)input.Shape[^1]);
        RequireInside(c, lower, upper, rows, columns);
        int length = (int)Longest(lower, upper, rows, columns);
        Shape expected = Compact(input.Shape.Dimensions[..^2], lower, upper, length);
        if (diagonal.Shape != expected)
            throw c.InvalidArgument($"Either first dimensions of diagonal don't match input.shape[:-2], or diagonal.shape[:-1] is not equal to the longests diagonal in range [{lower}:{upper}]. Input shape: {input.Shape}, diagonal shape: {diagonal.Shape}, expected diagonal shape: {expected}");
        Tensor output = input.Clone();
        Visit(lower, upper, rows, columns, diagonal.Count, c, (n, at) => Copy(diagonal, n, output, at));

        c.Output(0, output);
    }
}
