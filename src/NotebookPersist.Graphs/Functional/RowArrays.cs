namespace NotebookPersist;

/// <summary>The rows of some values, each in an array that a loop reads from.</summary>
internal sealed class RowArrays
{
    private readonly TensorArray[] _arrays;
    private readonly long _known;

    private RowArrays(TensorArray[] arrays, Operand count, long known) => (_arrays, Count, _known) = (arrays, count, known);

    /// <summary>How many rows there are: a number where that is known.</summary>
    public Operand Count { get; }

    /// <summary>Element types of the values.</summary>
    public IReadOnlyList<DType> Types => [.. _arrays.Select(static a => a.DType)];

    /// <summary>Cuts values into rows.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="elems">The values.</param>
    /// <param name="knowsShapes">Whether the arrays are told the shape of a row.</param>
    /// <exception cref="ArgumentException">There is no value, or one is a scalar, or they have different numbers of rows.</exception>
    public static RowArrays Of(Graph graph, IReadOnlyList<Operand> elems, bool knowsShapes)
    {
        ArgumentNullException.ThrowIfNull(elems);
        if (elems.Count == 0)
            throw new ArgumentException("There must be something to take rows of.", nameof(elems));
        Output[] values = [.. elems.Select(e => graph.Convert(e, name: "elem"))];
        if (Array.Find(values, static v => v.Shape is { HasRank: true, Rank: 0 }) is { } scalar)
            throw new ArgumentException($"elems must be a 1+ dimensional Tensor, not a scalar: '{scalar.Name}'.", nameof(elems));
        Output[] counted = [.. values.Where(static v => v.Shape is { HasRank: true, Rank: > 0 } && v.Shape[0] >= 0)];
        if (Array.Find(counted, v => v.Shape[0] != counted[0].Shape[0]) is { } other)
            throw new ArgumentException($"elems must have the same number of rows: '{counted[0].Name}' has {counted[0].Shape[0]}, '{other.Name}' has {other.Shape[0]}.", nameof(elems));
        Shape first = values[0].Shape;
        long known = counted.Length > 0 ? counted[0].Shape[0] : -1;
        Operand count = first.HasRank && first[0] > 0 ? (int)first[0] : graph.Shape(values[0])[0];
        TensorArray[] arrays = [.. values.Select(v => new TensorArray(graph, v.DType, count, elementShape: knowsShapes ? RowOf(v) : null))];
        return new RowArrays([.. arrays.Zip(values, static (a, v) => a.Unstack(v))], count, known);
    }

    /// <summary>A row of each value.</summary>
    public IReadOnlyList<Output> Read(Operand index) => [.. _arrays.Select(a => a.Read(index))];

    /// <summary>The results of a loop, one row each.</summary>
    public IReadOnlyList<Output> Stacked(IEnumerable<LoopVariable> arrays)
    {
        Output[] stacked = [.. arrays.Select(static a => ((TensorArray)a).ToArray())];
        foreach (Output rows in stacked.Where(static r => r.Shape.HasRank))
            rows.SetShape([_known, .. rows.Shape.Dimensions[1..]]);
        return stacked;
    }

    private static Shape RowOf(Output value) => value.Shape.HasRank ? Shape.Create(value.Shape.Dimensions[1..]) : Shape.Unknown;
}
