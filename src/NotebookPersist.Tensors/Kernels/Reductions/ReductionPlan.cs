namespace NotebookPersist.Kernels.Reductions;

/// <summary>Which dimensions of a tensor vanish in a reduction, neighbours of one kind taken together.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class ReductionPlan
{
    private readonly int[] _sizes;
    private readonly bool[] _isReduced;

    private ReductionPlan(Shape kept, Shape result, int[] sizes, bool[] isReduced) =>
        (WithOnes, Result, _sizes, _isReduced) = (kept, result, sizes, isReduced);

    /// <summary>Shape of the result with 1 in place of each reduced dimension.</summary>
    public Shape WithOnes { get; }

    /// <summary>Shape of the result without the reduced dimensions.</summary>
    public Shape Result { get; }

    /// <summary>How many numbers become one.</summary>
    public int ReducedCount { get; private init; }

    internal ReadOnlySpan<int> Sizes => _sizes;

    internal bool IsReduced(int dimension) => _isReduced[dimension];

    /// <summary>Makes the plan.</summary>
    /// <param name="shape">Fully known.</param>
    /// <param name="axes">From -rank to rank - 1; naming one twice counts once.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is outside; the message is TensorFlow's.</exception>
    public static ReductionPlan Create(Shape shape, ReadOnlySpan<long> axes)
    {
        ArgumentNullException.ThrowIfNull(shape);
        bool[] isAxis = new bool[shape.Rank];
        foreach (long axis in axes)
        {
            if (axis < -shape.Rank || axis >= shape.Rank)
                throw new ArgumentOutOfRangeException(nameof(axes), axis, $"Invalid reduction dimension ({axis} for input with {shape.Rank} dimension(s)");
            isAxis[axis < 0 ? axis + shape.Rank : axis] = true;
        }

        var ones = new List<long>();
        var result = new List<long>();
        var sizes = new List<int>();
        var kinds = new List<bool>();
        int reduced = 1;
        for (int d = 0; d < isAxis.Length; d++)
        {
            int size = checked((int)shape[d]);
            ones.Add(isAxis[d] ? 1 : size);
            if (isAxis[d])
                reduced = checked(reduced * size);
            else
                result.Add(size);
            if (size == 1)
                continue;
            if (kinds.Count > 0 && kinds[^1] == isAxis[d])
            {
                sizes[^1] = checked(sizes[^1] * size);
            }
            else
            {
                sizes.Add(size);
                kinds.Add(isAxis[d]);
            }
        }

        if (sizes.Count == 0)
            (sizes, kinds) = ([1], [false]);
        return new ReductionPlan(ones.ToArray(), result.ToArray(), [.. sizes], [.. kinds]) { ReducedCount = reduced };
    }
}
