namespace NotebookPersist.Kernels.Elementwise;

/// <summary>How the elements of two broadcast tensors meet: as few dimensions as will do, with the step of each tensor in each.</summary>
/// <remarks>
/// Neighbouring dimensions in which the tensors behave alike are one dimension here, so that [N,H,W,C] with [C] is two and
/// equal shapes are one. A step of 0 repeats the tensor along the dimension. Thread safety: immutable.
/// </remarks>
public sealed class BroadcastPlan
{
    private readonly int[] _sizes;
    private readonly int[] _xSteps;
    private readonly int[] _ySteps;

    private BroadcastPlan(Shape shape, int[] sizes, int[] xSteps, int[] ySteps) => (Shape, _sizes, _xSteps, _ySteps) = (shape, sizes, xSteps, ySteps);

    /// <summary>Shape of the result.</summary>
    public Shape Shape { get; }

    /// <summary>Length of the innermost run.</summary>
    /// <returns>Unit: elements.</returns>
    public int RunLength => _sizes[^1];

    /// <summary>Number of innermost runs.</summary>
    public int RunCount { get; private init; }

    /// <summary>True where x advances along a run, false where one element of it serves the whole run.</summary>
    public bool XAdvances => _xSteps[^1] != 0;

    /// <summary>True where y advances along a run, false where one element of it serves the whole run.</summary>
    public bool YAdvances => _ySteps[^1] != 0;

    /// <summary>Makes the plan for two shapes; null where they cannot be broadcast together.</summary>
    public static BroadcastPlan? TryCreate(Shape x, Shape y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        int rank = Math.Max(x.Rank, y.Rank);
        long[] shape = new long[rank];
        var sizes = new List<int>();
        var xSteps = new List<int>();
        var ySteps = new List<int>();
        int xStep = 1;
        int yStep = 1;
        (bool X, bool Y) kind = (false, false);
        for (int i = 1; i <= rank; i++)
        {
            long xSize = i <= x.Rank ? x[^i] : 1;
            long ySize = i <= y.Rank ? y[^i] : 1;
            if (xSize != ySize && xSize != 1 && ySize != 1)
                return null;
            long size = xSize == 1 ? ySize : xSize;
            shape[^i] = size;
            if (size == 1)
                continue;
            (bool X, bool Y) here = (xSize != 1, ySize != 1);
            if (sizes.Count > 0 && here == kind)
            {
                sizes[^1] = checked(sizes[^1] * (int)size);
            }
            else
            {
                sizes.Add((int)size);
                xSteps.Add(here.X ? xStep : 0);
                ySteps.Add(here.Y ? yStep : 0);
                kind = here;
            }

            xStep = checked(xStep * (int)xSize);
            yStep = checked(yStep * (int)ySize);
        }

        if (sizes.Count == 0)
            (sizes, xSteps, ySteps) = ([1], [1], [1]);
        sizes.Reverse();
        xSteps.Reverse();
        ySteps.Reverse();
        int runs = 1;
        for (int d = 0; d < sizes.Count - 1; d++)
            runs = checked(runs * sizes[d]);
        return new BroadcastPlan(shape, [.. sizes], [.. xSteps], [.. ySteps]) { RunCount = runs };
    }

    /// <summary>Where a run begins in x and y.</summary>
    /// <param name="run">Which run, counted through the result.</param>
    /// <returns>Unit: elements.</returns>
    public (int X, int Y) Start(int run)
    {
        int x = 0;
        int y = 0;
        for (int d = _sizes.Length - 2; d >= 0; d--)
        {
            (run, int at) = Math.DivRem(run, _sizes[d]);
            x += at * _xSteps[d];
            y += at * _ySteps[d];
        }

        return (x, y);
    }
}
