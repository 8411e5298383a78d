namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The sum of each matrix's diagonal.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [..., rows, columns]. DType: numbers.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.trace</c>.</remarks>
    public static Output Trace(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "Trace");
        return graph.ReduceSum(graph.MatrixDiagPart(graph.Convert(x, name: "x")), new[] { -1 }, name: scope.Name);
    }

    /// <summary>Each matrix with rows and columns exchanged.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: [..., rows, columns].</param>
    /// <param name="conjugate">Whether complex numbers become their conjugates.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank is known to be less than 2.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.matrix_transpose</c>.</remarks>
    public static Output MatrixTranspose(this Graph graph, Operand a, bool conjugate = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "matrix_transpose");
        Output matrices = graph.Convert(a, name: "a");
        if (!matrices.Shape.HasRank)
        {
            Output rank = graph.Rank(matrices);
            Output order = graph.Concat([graph.Range(0, rank - 2, 1), graph.Stack([rank - 1, rank - 2])], 0);
            return graph.Transpose(matrices, order, conjugate);
        }

        int axes = matrices.Shape.Rank;
        if (axes < 2)
            throw new ArgumentException($"Argument 'a' should be a (batch) matrix, with rank >= 2. Found: {matrices.Shape.ToPythonString()}.", nameof(a));
        int[] permutation = [.. Enumerable.Range(0, axes - 2), axes - 1, axes - 2];
        return graph.Transpose(matrices, permutation, conjugate);
    }

    /// <summary>Sums products over the last axes of one value and the first of another.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: known.</param>
    /// <param name="b">Shape: known. DType: that of <paramref name="a"/>.</param>
    /// <param name="axes">How many axes are summed over: 1 for matrices is their product, 0 the outer product.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <returns>Shape: the axes of a that are left, then those of b.</returns>
    /// <exception cref="ArgumentException">There are not as many axes.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.tensordot</c>.</remarks>
    public static Output Tensordot(this Graph graph, Operand a, Operand b, int axes, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegative(axes);
        using NameScope scope = graph.NameScope(name ?? "Tensordot");
        Output left = graph.Convert(a, name: "a");
        Output right = graph.Convert(b, left.DType, "b");
        int rank = RankOf(left, nameof(a));
        if (axes > rank || axes > RankOf(right, nameof(b)))
            throw new ArgumentException($"'axes' must not be larger than the number of dimensions, but {axes} is asked for {left.Shape.ToPythonString()} and {right.Shape.ToPythonString()}.", nameof(axes));
        return Contract(graph, left, right, [.. Enumerable.Range(rank - axes, axes)], [.. Enumerable.Range(0, axes)], scope.Name);
    }

    /// <summary>Sums products over chosen axes of two values.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: of known rank.</param>
    /// <param name="b">Shape: of known rank. DType: that of <paramref name="a"/>.</param>
    /// <param name="aAxes">Axes of the first; negative ones count from the end.</param>
    /// <param name="bAxes">Axes of the second that go with them.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <returns>Shape: the axes of a that are left, then those of b.</returns>
    /// <exception cref="ArgumentException">The axes do not go with each other.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.tensordot</c>.</remarks>
    public static Output Tensordot(this Graph graph, Operand a, Operand b, int[] aAxes, int[] bAxes, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(aAxes);
        ArgumentNullException.ThrowIfNull(bAxes);
        if (aAxes.Length != bAxes.Length)
            throw new ArgumentException($"Different number of contraction axes 'a' and 'b', {aAxes.Length} != {bAxes.Length}.", nameof(bAxes));
        using NameScope scope = graph.NameScope(name ?? "Tensordot");
        Output left = graph.Convert(a, name: "a");
        Output right = graph.Convert(b, left.DType, "b");
        return Contract(graph, left, right, Places(left, aAxes, nameof(aAxes)), Places(right, bAxes, nameof(bAxes)), scope.Name);
    }

    /// <summary>The length of vectors or matrices.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Any shape. DType: floats, complex.</param>
    /// <param name="order">
    /// Null for the Euclidean one (of matrices Frobenius'). For vectors any p above 0: the p-th root of the sum of p-th powers, infinity for the largest. For
    /// matrices 1 (largest sum of a column), infinity (largest sum of a row) and 2 (largest singular value).
    /// </param>
    /// <param name="axis">One axis for vectors, two for matrices; left out, all elements are one vector.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">There is no such norm.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.norm</c>.</remarks>
    public static Output Norm(this Graph graph, Operand tensor, double? order = null, Axes axis = default, bool keepDims = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        int[]? along = axis.Values;
        bool ofMatrices = along is { Length: 2 };
        if (along is not (null or { Length: 1 or 2 }) || (ofMatrices && along![0] == along[1]))
            throw new ArgumentException("'axis' must be left out, one axis, or two different ones.", nameof(axis));
        if (ofMatrices && order is not (null or 1 or 2 or double.PositiveInfinity))
            throw new ArgumentException($"Of matrices there are the norms Euclidean (null), 1, 2 and infinity, not {order}.", nameof(order));
        if (order is <= 0 or double.NaN)
            throw new ArgumentException($"The order of a norm must be above 0, not {order}.", nameof(order));
        using NameScope scope = graph.NameScope(name ?? "norm");
        Output x = graph.Convert(tensor);
        Operand over = along is null ? default : (Operand)along;
        Output norm = (order, ofMatrices) switch
        {
            (2, true) => Spectral(graph, x, along!),
            (null or 2, _) => graph.Sqrt(graph.ReduceSum(x.DType.IsComplex() ? x * graph.Conjugate(x) : x * x, over, keepDims: true)),
            (1, true) => graph.ReduceMax(graph.ReduceSum(graph.Abs(x), along![0], keepDims: true), along[1], keepDims: true),
            (1, false) => graph.ReduceSum(graph.Abs(x), over, keepDims: true),
            (double.PositiveInfinity, true) => graph.ReduceMax(graph.ReduceSum(graph.Abs(x), along![1], keepDims: true), along[0], keepDims: true),
            (double.PositiveInfinity, false) => graph.ReduceMax(graph.Abs(x), over, keepDims: true),
            _ => graph.Power(graph.ReduceSum(graph.Power(graph.Abs(x), order!.Value), over, keepDims: true), 1.0 / order.Value),
        };
        return keepDims ? norm : graph.Squeeze(norm, axis);
    }

    private static Output Spectral(Graph graph, Output x, int[] axes)
    {
        int[] matrix = Places(x, axes, nameof(axes));
        int[] before = [.. Enumerable.Range(0, x.Shape.Rank).Except(matrix), .. matrix];
        int[] after = new int[before.Length];
        for (int i = 0; i < before.Length; i++)
            after[before[i]] = i;
        Output singular = graph.Svd(graph.Transpose(x, before), computeVectors: false).S;
        Output largest = graph.ReduceMax(graph.Abs(singular), -1, keepDims: true);
        return graph.Transpose(graph.ExpandDims(largest, -1), after);
    }

    private static Output Contract(Graph graph, Output a, Output b, int[] aAxes, int[] bAxes, string name)
    {
        (Output left, Operand[] leftFree) = Flattened(graph, a, aAxes, summedFirst: false);
        (Output right, Operand[] rightFree) = Flattened(graph, b, bAxes, summedFirst: true);
        Operand[] free = [.. leftFree, .. rightFree];
        Output product = graph.MatMul(left, right);
        Operand shape = free.All(static f => f.Value is not null) ? free.Select(static f => (int)f.Value!.ItemAt<long>(0)).ToArray() : graph.Stack(free);
        return graph.Reshape(product, shape, name);
    }

    // As a matrix: the axes that are summed over on one side, the others, whose sizes are told, on the other.
    private static (Output Matrix, Operand[] Free) Flattened(Graph graph, Output x, int[] axes, bool summedFirst)
    {
        int[] free = [.. Enumerable.Range(0, x.Shape.Rank).Except(axes)];
        int[] order = summedFirst ? [.. axes, .. free] : [.. free, .. axes];
        Output? sizes = x.Shape.IsFullyKnown ? null : graph.Shape(x);
        Operand[] freeSizes = [.. free.Select(i => sizes is null ? (Operand)(int)x.Shape[i] : sizes[i])];
        Operand summed = sizes is null ? axes.Aggregate(1, (n, i) => n * (int)x.Shape[i]) : graph.ReduceProd(graph.Gather(sizes, axes));
        Operand left = sizes is null ? free.Aggregate(1, (n, i) => n * (int)x.Shape[i]) : graph.ReduceProd(graph.Gather(sizes, free));
        Output moved = graph.Transpose(x, order);
        Operand[] shape = summedFirst ? [summed, left] : [left, summed];
        return (graph.Reshape(moved, sizes is null ? shape.Select(static s => (int)s.Value!.ItemAt<long>(0)).ToArray() : graph.Stack(shape)), freeSizes);
    }

    private static int[] Places(Output x, int[] axes, string argument)
    {
        int rank = RankOf(x, argument);
        int[] places = [.. axes.Select(i => i < 0 ? i + rank : i)];
        return places.All(i => i >= 0 && i < rank) && places.Distinct().Count() == places.Length
            ? places
            : throw new ArgumentException($"[{string.Join(", ", axes)}] are not different axes of {x.Shape.ToPythonString()}.", argument);
    }

    private static int RankOf(Output x, string argument) =>
        x.Shape.HasRank ? x.Shape.Rank : throw new ArgumentException($"The rank of {x.Name} must be known. Give the placeholder a shape.", argument);
}
