namespace NotebookPersist.Kernels.Reductions;

/// <summary>Drives reductions over whole tensors.</summary>
/// <remarks>Results do not depend on the number of threads. Thread safety: pure functions but for the output they fill.</remarks>
public static class ReductionLoops
{
    private const int Grain = 1 << 16;

    /// <summary>Reduces x into y.</summary>
    /// <param name="x">Shape: the one that <paramref name="plan"/> was made for.</param>
    /// <param name="y">As many elements as the plan's result.</param>
    /// <param name="plan">Which dimensions vanish.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static void Reduce<T, TReduction>(Tensor x, Tensor y, ReductionPlan plan, Workers workers)
        where T : unmanaged
        where TReduction : IReduction<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(plan);
        if (x.Count == 0)
        {
            y.MutableData<T>().Fill(TReduction.Empty);
            return;
        }

        ReadOnlySpan<int> sizes = plan.Sizes;
        if (sizes.Length == 1)
        {
            if (plan.IsReduced(0))
                y.MutableData<T>()[0] = All<T, TReduction>(x, workers);
            else
                x.Bytes.CopyTo(y.MutableBytes);
        }
        else if (!plan.IsReduced(0))
        {
            // Parts of the leading dimension have nothing to do with each other.
            int leading = sizes[0];
            int inputStep = x.Count / leading;
            int outputStep = y.Count / leading;
            workers.For(leading, Math.Max(1, Grain / inputStep), (start, end) =>
            {
                for (int i = start; i < end; i++)
                    Part<T, TReduction>(x.Data<T>().Slice(i * inputStep, inputStep), y.MutableData<T>().Slice(i * outputStep, outputStep), plan, 1);
            });
        }
        else
        {
            Part<T, TReduction>(x.Data<T>(), y.MutableData<T>(), plan, 0);
        }
    }

    private static T All<T, TReduction>(Tensor x, Workers workers)
        where T : unmanaged
        where TReduction : IReduction<T>
    {
        if (x.Count <= Grain)
            return TReduction.Run(x.Data<T>());
        T[] partial = new T[(x.Count + Grain - 1) / Grain];
        workers.For(partial.Length, 1, (start, end) =>
        {
            for (int i = start; i < end; i++)
                partial[i] = TReduction.Run(x.Data<T>()[(i * Grain)..Math.Min(x.Count, (i + 1) * Grain)]);
        });
        return TReduction.Run(partial);
    }

    private static void Part<T, TReduction>(ReadOnlySpan<T> x, Span<T> y, ReductionPlan plan, int dimension)
        where T : unmanaged
        where TReduction : IReduction<T>
    {
        if (dimension == plan.Sizes.Length - 1)
        {
            if (plan.IsReduced(dimension))
                y[0] = TReduction.Run(x);
            else
                x.CopyTo(y);
            return;
        }

        int size = plan.Sizes[dimension];
        int inputStep = x.Length / size;
        if (!plan.IsReduced(dimension))
        {
            int outputStep = y.Length / size;
            for (int i = 0; i < size; i++)
                Part<T, TReduction>(x.Slice(i * inputStep, inputStep), y.Slice(i * outputStep, outputStep), plan, dimension + 1);
            return;
        }

        // Kept dimensions follow: rows are taken into the result one after another.
        if (dimension == plan.Sizes.Length - 2)
        {
            Rows<T, TReduction>(x, y);
            return;
        }

        Part<T, TReduction>(x[..inputStep], y, plan, dimension + 1);
        T[] partial = new T[y.Length];
        for (int i = 1; i < size; i++)
        {
            Part<T, TReduction>(x.Slice(i * inputStep, inputStep), partial, plan, dimension + 1);
            TReduction.Into(partial, y);
        }
    }

    // Many rows are reduced in halves, for the sake of rounding.
    private static void Rows<T, TReduction>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
        where TReduction : IReduction<T>
    {
        const int MostRows = 1024;
        int rows = x.Length / y.Length;
        if (rows <= MostRows)
        {
            x[..y.Length].CopyTo(y);
            for (int row = 1; row < rows; row++)
                TReduction.Into(x.Slice(row * y.Length, y.Length), y);
            return;
        }

        int half = rows / 2 * y.Length;
        Rows<T, TReduction>(x[..half], y);
        T[] other = new T[y.Length];
        Rows<T, TReduction>(x[half..], other);
        TReduction.Into(other, y);
    }
}
