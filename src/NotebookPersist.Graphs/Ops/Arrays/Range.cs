using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Numbers from a start on, in equal steps, up to but not including a limit.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="start">First number. Scalars of one type: int32, int64, float32, float64, bfloat16.</param>
    /// <param name="limit">The first number that is too large (too small where the step is negative).</param>
    /// <param name="delta">Step; by default 1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.range</c>, op "Range"; plain numbers become constants of one type.</remarks>
    public static Output Range(this Graph graph, Operand start, Operand limit, Operand delta = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (delta.IsMissing)
            delta = 1;
        using NameScope scope = graph.NameScope(name ?? "range");
        DType type = RangeOp.CommonType([start, limit, delta]);
        Output from = start.Output ?? graph.Constant(start, type, name: "start");
        Output to = limit.Output ?? graph.Constant(limit, type, name: "limit");
        Output step = delta.Output ?? graph.Constant(delta, type, name: "delta");
        return graph.Add<RangeOp>(scope.Name, from, to, step);
    }

    /// <summary>The numbers 0, 1, 2, ... up to but not including a limit.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.range(limit)</c>.</remarks>
    public static Output Range(this Graph graph, Operand limit, string? name = null) => graph.Range(0, limit, 1, name);
}

internal sealed class RangeOp() : Op("Range(start: Tidx, limit: Tidx, delta: Tidx) -> (output: Tidx) where Tidx: bfloat16 | float | double | int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("its length depends on its inputs");

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < 3; i++)
            c.WithRank(i, 0);
        if (c.InputValue(0) is not { } start || c.InputValue(1) is not { } limit || c.InputValue(2) is not { } delta)
        {
            c.Output(0, Shape.OfRank(1));
            return;
        }

        double? count = Count(start, limit, delta, out string? fault);
        c.Output(0, new long[] { (long)(count ?? throw c.Fault(fault!)) }); // No count comes with a fault.
    }

    public override void Compute(KernelContext c)
    {
        for (int i = 0; i < 3; i++)
        {
            if (c.Input(i).Rank != 0)
                throw c.InvalidArgument($"{c.Operation.Signature.Inputs[i].Name} must be a scalar, not shape {c.Input(i).Shape}");
        }

        double count = Count(c.Input(0), c.Input(1), c.Input(2), out string? fault) ?? throw c.InvalidArgument(fault!); // No count comes with a fault.
        if (count > Array.MaxLength)
            throw c.InvalidArgument($"Requires ((limit - start) / delta) <= {Array.MaxLength}");
        Tensor output = c.AllocateOutput(0, new long[] { (long)count });
        Sequences.Arithmetic(c.Input(0), c.Input(2), output);
    }

    /// <summary>The type of a range that mixes plain numbers and symbolic ones.</summary>
    internal static DType CommonType(ReadOnlySpan<Operand> numbers)
    {
        DType type = DType.Int32;
        foreach (Operand number in numbers)
        {
            if (number.Output is not null)
                return number.Output.DType;
            DType own = number.OwnType;
            if (Order(own) > Order(type))
                type = own;
        }

        return type;

        static int Order(DType dtype) => dtype switch
        {
            DType.Int64 => 1,
            DType.Float32 => 2,
            DType.Float64 => 3,
            _ => 0,
        };
    }

    // In the type's own arithmetic: float32 steps are counted in float64, integers exactly.
    private static double? Count(Tensor start, Tensor limit, Tensor delta, out string? fault)
    {
        fault = null;
        double step = delta.ItemAt<double>(0);
        if (step == 0 || double.IsNaN(step))
            fault = $"Requires delta != 0: {step}";
        else if (step > 0 && start.ItemAt<double>(0) > limit.ItemAt<double>(0))
            fault = $"Requires start <= limit when delta > 0: {start.ItemAt<double>(0)}/{limit.ItemAt<double>(0)}";
        else if (step < 0 && start.ItemAt<double>(0) < limit.ItemAt<double>(0))
            fault = $"Requires start >= limit when delta < 0: {start.ItemAt<double>(0)}/{limit.ItemAt<double>(0)}";
        if (fault is not null)
            return null;
        if (!start.DType.IsInteger())
            return Math.Ceiling(Math.Abs((limit.ItemAt<double>(0) - start.ItemAt<double>(0)) / step));
        Int128 distance = Int128.Abs(limit.ItemAt<Int128>(0) - start.ItemAt<Int128>(0));
        Int128 stride = Int128.Abs(delta.ItemAt<Int128>(0));
        return (double)((distance + stride - 1) / stride);
    }
}
