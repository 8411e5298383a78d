using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>Binary operations over strings, which broadcast like numbers.</summary>
internal static class ObjectBroadcast
{
    /// <summary>Joins two string inputs into a string output.</summary>
    public static void Strings(KernelContext c, Func<byte[], byte[], byte[]> rule)
    {
        (BroadcastPlan plan, byte[][] results) = Map(c, rule);
        c.Output(0, Tensor.OfStrings(plan.Shape, results));
    }

    /// <summary>Compares two string inputs.</summary>
    public static void Compare(KernelContext c, Func<byte[], byte[], bool> rule)
    {
        (BroadcastPlan plan, bool[] results) = Map(c, rule);
        c.Output(0, Tensor.Of<bool>(plan.Shape, results));
    }

    private static (BroadcastPlan Plan, TOut[] Results) Map<TOut>(KernelContext c, Func<byte[], byte[], TOut> rule)
    {
        Tensor x = c.Input(0);
        Tensor y = c.Input(1);
        BroadcastPlan plan = BroadcastPlan.TryCreate(x.Shape, y.Shape) ?? throw c.InvalidArgument($"Incompatible shapes: {x.Shape} vs. {y.Shape}");
        var results = new TOut[(int)plan.Shape.ElementCount];
        for (int run = 0, at = 0; at < results.Length; run++)
        {
            (int xAt, int yAt) = plan.Start(run);
            for (int i = 0; i < plan.RunLength; i++)
                results[at++] = rule(x.Strings[plan.XAdvances ? xAt + i : xAt], y.Strings[plan.YAdvances ? yAt + i : yAt]);
        }

        return (plan, results);
    }
}
