namespace NotebookPersist;

/// <summary>One entry between the brackets of <c>x[1, 2..^1, SliceIndex.Ellipsis]</c>.</summary>
/// <remarks>
/// An integer or a scalar tensor picks one position, whose dimension vanishes; a range keeps the dimension. Thread safety: immutable.
/// </remarks>
public readonly struct SliceIndex
{
    private SliceIndex(SliceIndexKind kind, Operand begin = default, Operand end = default, Operand stride = default) =>
        (Kind, Begin, End, Stride) = (kind, begin, end, stride);

    /// <summary>A new dimension of size 1.</summary>
    public static SliceIndex NewAxis { get; } = new(SliceIndexKind.NewAxis);

    /// <summary>All dimensions that the other entries do not name.</summary>
    public static SliceIndex Ellipsis { get; } = new(SliceIndexKind.Ellipsis);

    internal SliceIndexKind Kind { get; }

    internal Operand Begin { get; }

    internal Operand End { get; }

    internal Operand Stride { get; }

    /// <summary>One position, from the end where negative.</summary>
    public static implicit operator SliceIndex(int position) => new(SliceIndexKind.Position, position, position + 1);

    /// <summary>One position, from the end with <c>^</c>.</summary>
    public static implicit operator SliceIndex(Index position) => FromEnd(position);

    /// <summary>One position that a run computes: a scalar, int32 or int64.</summary>
    public static implicit operator SliceIndex(Output position) => new(SliceIndexKind.Position, position);

    /// <summary>Positions from a start up to but not including an end.</summary>
    public static implicit operator SliceIndex(Range range) => Span(
        range.Start.Equals(System.Index.Start) ? default : (Operand)FromEnd(range.Start),
        range.End.Equals(System.Index.End) ? default : (Operand)FromEnd(range.End));

    /// <summary>Positions from a start up to but not including an end, in steps: Python's <c>start:stop:step</c>.</summary>
    /// <param name="start">By default the first one, the last where the step is negative.</param>
    /// <param name="stop">By default beyond the last one.</param>
    /// <param name="step">By default 1; negative to go backwards.</param>
    public static SliceIndex Span(Operand start = default, Operand stop = default, Operand step = default) =>
        new(SliceIndexKind.Span, start, stop, step);

    private static int FromEnd(Index index) => index.IsFromEnd ? -index.Value : index.Value;
}
