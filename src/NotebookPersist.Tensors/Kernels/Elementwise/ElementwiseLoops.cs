namespace NotebookPersist.Kernels.Elementwise;

/// <summary>Drives bodies over whole tensors: shares the work among threads, broadcasts, widens and rounds.</summary>
/// <remarks>Thread safety: pure functions but for the output they fill.</remarks>
public static class ElementwiseLoops
{
    // About 256 KiB of floats: enough for a thread to be worth waking, small enough to notice a cancellation soon.
    private const int Grain = 1 << 16;

    // Work is cut at multiples of this, and what is left over goes with the last piece: where the cuts lie must not decide
    // whether an element is computed in a vector or alone, which can round differently.
    private const int Unit = 16;

    // Elements repeated or widened at a time; they stay in the first-level cache.
    private const int Block = 1024;

    /// <summary>Computes one element from one.</summary>
    public static void Unary<TIn, TOut>(Tensor x, Tensor y, UnaryBody<TIn, TOut> body, Workers workers)
        where TIn : unmanaged
        where TOut : unmanaged
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(body);
        // Some of the library's loops refuse to run over nothing.
        if (y.Count == 0)
            return;
        if (y.Count <= Grain)
            body(x.Data<TIn>(), y.MutableData<TOut>());
        else
            workers.For(y.Count / Unit, Grain / Unit, (start, end) => body(x.Data<TIn>()[Elements(start, end, y.Count)], y.MutableData<TOut>()[Elements(start, end, y.Count)]));
    }

    /// <summary>Computes one element from two, broadcasting.</summary>
    /// <param name="x">Left operand.</param>
    /// <param name="y">Right operand.</param>
    /// <param name="z">The result; shape: <see cref="BroadcastPlan.Shape"/>.</param>
    /// <param name="plan">Made for the shapes of <paramref name="x"/> and <paramref name="y"/>.</param>
    /// <param name="body">Computes a run of elements.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <remarks>Aliasing: <paramref name="z"/> can share the bytes of an operand that has its shape and element size.</remarks>
    public static void Binary<TX, TY, TOut>(Tensor x, Tensor y, Tensor z, BroadcastPlan plan, BinaryBody<TX, TY, TOut> body, Workers workers)
        where TX : unmanaged
        where TY : unmanaged
        where TOut : unmanaged
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(body);
        if (z.Count == 0)
            return;
        if (plan.RunCount == 1)
        {
            workers.For(Math.Max(1, z.Count / Unit), Grain / Unit, (start, end) => Run(
                x.Data<TX>(), plan.XAdvances ? start * Unit : 0, plan.XAdvances,
                y.Data<TY>(), plan.YAdvances ? start * Unit : 0, plan.YAdvances,
                z.MutableData<TOut>()[Elements(start, end, z.Count)], body));
        }
        else if (plan.RunLength < Block / 8)
        {
            int runs = Math.Max(1, Block / plan.RunLength);
            workers.For(plan.RunCount, Math.Max(runs, Grain / plan.RunLength), (start, end) =>
            {
                for (int run = start; run < end; run += runs)
                    ShortRuns(x.Data<TX>(), y.Data<TY>(), z.MutableData<TOut>(), plan, run, Math.Min(end, run + runs), body);
            });
        }
        else
        {
            workers.For(plan.RunCount, Math.Max(1, Grain / plan.RunLength), (start, end) =>
            {
                for (int run = start; run < end; run++)
                {
                    (int xStart, int yStart) = plan.Start(run);
                    Run(
                        x.Data<TX>(), xStart, plan.XAdvances,
                        y.Data<TY>(), yStart, plan.YAdvances,
                        z.MutableData<TOut>().Slice(run * plan.RunLength, plan.RunLength), body);
                }
            });
        }
    }

    /// <summary>The shape of a small result for which no plan is needed: the operands are alike, or one is a single element; else null.</summary>
    public static Shape? SmallShape(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count > Block || y.Count > Block)
            return null;
        if (x.Shape == y.Shape || (y.Count == 1 && y.Rank <= x.Rank))
            return x.Shape;
        return x.Count == 1 && x.Rank <= y.Rank ? y.Shape : null;
    }

    /// <summary>Computes elements of a shape that <see cref="SmallShape"/> gave.</summary>
    /// <remarks>Aliasing: <paramref name="z"/> can share the bytes of an operand that has its shape and element size.</remarks>
    public static void Small<TX, TY, TOut>(Tensor x, Tensor y, Tensor z, BinaryBody<TX, TY, TOut> body)
        where TX : unmanaged
        where TY : unmanaged
        where TOut : unmanaged
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(body);
        if (z.Count == 0)
            return;
        if (x.Count == y.Count)
            body(x.Data<TX>(), y.Data<TY>(), z.MutableData<TOut>());
        else
            Run(x.Data<TX>(), 0, x.Count > 1, y.Data<TY>(), 0, y.Count > 1, z.MutableData<TOut>(), body);
    }

    /// <summary>A body for 32-bit floats as one for their upper halves: widens, computes, rounds.</summary>
    public static UnaryBody<BFloat16, BFloat16> Widened(UnaryBody<float, float> body) => (x, y) =>
    {
        Span<float> wide = stackalloc float[Block];
        for (int at = 0; at < x.Length; at += Block)
        {
            Span<float> part = wide[..Math.Min(Block, x.Length - at)];
            Widen(x.Slice(at, part.Length), part);
            body(part, part);
            Round(part, y.Slice(at, part.Length));
        }
    };

    /// <inheritdoc cref="Widened(UnaryBody{float, float})"/>
    public static UnaryBody<BFloat16, bool> Widened(UnaryBody<float, bool> body) => (x, y) =>
    {
        Span<float> wide = stackalloc float[Block];
        for (int at = 0; at < x.Length; at += Block)
        {
            Span<float> part = wide[..Math.Min(Block, x.Length - at)];
            Widen(x.Slice(at, part.Length), part);
            body(part, y.Slice(at, part.Length));
        }
    };

    /// <inheritdoc cref="Widened(UnaryBody{float, float})"/>
    public static BinaryBody<BFloat16, BFloat16, BFloat16> Widened(BinaryBody<float, float, float> body) => (x, y, z) =>
    {
        Span<float> left = stackalloc float[Block];
        Span<float> right = stackalloc float[Block];
        for (int at = 0; at < x.Length; at += Block)
        {
            int count = Math.Min(Block, x.Length - at);
            Widen(x.Slice(at, count), left);
            Widen(y.Slice(at, count), right);
            body(left[..count], right[..count], left[..count]);
            Round(left[..count], z.Slice(at, count));
        }
    };

    /// <inheritdoc cref="Widened(UnaryBody{float, float})"/>
    public static BinaryBody<BFloat16, BFloat16, bool> Widened(BinaryBody<float, float, bool> body) => (x, y, z) =>
    {
        Span<float> left = stackalloc float[Block];
        Span<float> right = stackalloc float[Block];
        for (int at = 0; at < x.Length; at += Block)
        {
            int count = Math.Min(Block, x.Length - at);
            Widen(x.Slice(at, count), left);
            Widen(y.Slice(at, count), right);
            body(left[..count], right[..count], z.Slice(at, count));
        }
    };

    /// <summary>Widens upper halves to 32-bit floats, without loss.</summary>
    public static void Widen(ReadOnlySpan<BFloat16> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i];
    }

    /// <summary>Rounds 32-bit floats to upper halves, ties to even.</summary>
    public static void Round(ReadOnlySpan<float> from, Span<BFloat16> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = (BFloat16)from[i];
    }

    private static Range Elements(int start, int end, int count) => (start * Unit)..(end >= count / Unit ? count : end * Unit);

    private static void Run<TX, TY, TOut>(
        ReadOnlySpan<TX> x, int xStart, bool xAdvances,
        ReadOnlySpan<TY> y, int yStart, bool yAdvances,
        Span<TOut> z, BinaryBody<TX, TY, TOut> body)
        where TX : unmanaged
        where TY : unmanaged
        where TOut : unmanaged
    {
        if (xAdvances && yAdvances)
        {
            body(x.Slice(xStart, z.Length), y.Slice(yStart, z.Length), z);
            return;
        }

        int block = Math.Min(Block, z.Length);
        Span<TX> xs = stackalloc TX[xAdvances ? 0 : block];
        Span<TY> ys = stackalloc TY[yAdvances ? 0 : block];
        if (!xAdvances)
            xs.Fill(x[xStart]);
        if (!yAdvances)
            ys.Fill(y[yStart]);
        for (int at = 0; at < z.Length; at += block)
        {
            int count = Math.Min(block, z.Length - at);
            body(
                xAdvances ? x.Slice(xStart + at, count) : xs[..count],
                yAdvances ? y.Slice(yStart + at, count) : ys[..count],
                z.Slice(at, count));
        }
    }

    // Short runs are laid out one after another first: a call of the body costs more than moving a few elements.
    private static void ShortRuns<TX, TY, TOut>(
        ReadOnlySpan<TX> x, ReadOnlySpan<TY> y, Span<TOut> z, BroadcastPlan plan, int firstRun, int endRun, BinaryBody<TX, TY, TOut> body)
        where TX : unmanaged
        where TY : unmanaged
        where TOut : unmanaged
    {
        int length = plan.RunLength;
        int count = (endRun - firstRun) * length;
        Span<TX> xs = stackalloc TX[count];
        Span<TY> ys = stackalloc TY[count];
        for (int run = firstRun; run < endRun; run++)
        {
            int at = (run - firstRun) * length;
            (int xStart, int yStart) = plan.Start(run);
            if (plan.XAdvances)
                x.Slice(xStart, length).CopyTo(xs[at..]);
            else
                xs.Slice(at, length).Fill(x[xStart]);
            if (plan.YAdvances)
                y.Slice(yStart, length).CopyTo(ys[at..]);
            else
                ys.Slice(at, length).Fill(y[yStart]);
        }

        body(xs, ys, z.Slice(firstRun * length, count));
    }
}
