using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Elementwise;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

/// <summary>An operation that makes one number of many along some axes.</summary>
internal abstract class ReductionOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Input(0);
        bool keep = c.Attributes.Bool("keep_dims");
        if (c.Input(1).Rank > 1)
            throw c.Fault($"Shape must be at most rank 1 but is rank {c.Input(1).Rank} for the reduction axes.");
        if (!shape.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (c.InputInts(1) is not { } axes)
        {
            // All that is known is which rank is left.
            c.Output(0, keep ? Shape.OfRank(shape.Rank) : Shape.Unknown);
            return;
        }

        bool[] isAxis = new bool[shape.Rank];
        foreach (long axis in axes)
        {
            if (axis < -shape.Rank || axis >= shape.Rank)
                throw c.Fault($"Invalid reduction dimension {axis} for input with {shape.Rank} dimensions.");
            isAxis[axis < 0 ? axis + shape.Rank : axis] = true;
        }

        var sizes = new List<long>();
        for (int d = 0; d < isAxis.Length; d++)
        {
            if (!isAxis[d])
                sizes.Add(shape[d]);
            else if (keep)
                sizes.Add(1);
        }

        c.Output(0, sizes.ToArray());
    }

    /// <summary>Node of a reduction over the given axes, or over all.</summary>
    internal static Output Build<TOp>(Graph graph, Operand input, Operand axis, bool keepDims, string? name)
        where TOp : Op
    {
        Output value = graph.ToOutput(input, "input_tensor");
        Operand axes = !axis.IsMissing ? axis
            : value.Shape.HasRank ? graph.Constant(IntVectors.ToTensor([.. Enumerable.Range(0, value.Shape.Rank)], DType.Int32))
            : graph.Range(0, graph.Rank(value), 1);
        return graph.Add<TOp>(name, new AttributeList { { "keep_dims", keepDims } }, value, axes);
    }

    protected static ReductionPlan PlanFor(KernelContext c)
    {
        try
        {
            return ReductionPlan.Create(c.Input(0).Shape, IntVectors.Read(c.Input(1)));
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw c.InvalidArgument(e.Message);
        }
    }

    protected static Shape ResultShape(KernelContext c, ReductionPlan plan) => c.Attributes.Bool("keep_dims") ? plan.WithOnes : plan.Result;
}

/// <summary>A reduction of numbers of any type.</summary>
internal abstract class NumberReductionOp(string signature) : ReductionOp(signature)
{
    public override void Compute(KernelContext c)
    {
        ReductionPlan plan = PlanFor(c);
        Tensor x = c.Input(0);
        Tensor y = c.AllocateOutput(0, ResultShape(c, plan));
        switch (x.DType)
        {
            case DType.Float32:
                Reduce<float>(x, y, plan, c);
                break;
            case DType.Float64:
                Reduce<double>(x, y, plan, c);
                break;
            case DType.Float16 or DType.BFloat16:
                Widened(x, y, DType.Float32, c, (wide, result) => Reduce<float>(wide, result, plan, c));
                break;
            case DType.Int32:
                Reduce<int>(x, y, plan, c);
                break;
            case DType.Int64:
                Reduce<long>(x, y, plan, c);
                break;
            case DType.Int8:
                Reduce<sbyte>(x, y, plan, c);
                break;
            case DType.Int16:
                Reduce<short>(x, y, plan, c);
                break;
            case DType.UInt8:
                Reduce<byte>(x, y, plan, c);
                break;
            case DType.UInt16:
                Reduce<ushort>(x, y, plan, c);
                break;
            case DType.UInt32:
                Reduce<uint>(x, y, plan, c);
                break;
            case DType.UInt64:
                Reduce<ulong>(x, y, plan, c);
                break;
            case DType.Complex64:
                Widened(x, y, DType.Complex128, c, (wide, result) => ReduceComplex(wide, result, plan, c));
                break;
            case DType.Complex128:
                ReduceComplex(x, y, plan, c);
                break;
            default:
                throw c.Unsupported(x.DType);
        }
    }

    protected abstract void Reduce<T>(Tensor x, Tensor y, ReductionPlan plan, KernelContext c)
        where T : unmanaged, INumber<T>;

    protected virtual void ReduceComplex(Tensor x, Tensor y, ReductionPlan plan, KernelContext c) => throw c.Unsupported(x.DType);

    private static void Widened(Tensor x, Tensor y, DType wide, KernelContext c, Action<Tensor, Tensor> reduce)
    {
        Tensor from = c.Allocate(wide, x.Shape);
        Casts.Convert(x, from, c.Workers);
        Tensor to = c.Allocate(wide, y.Shape);
        reduce(from, to);
        Casts.Convert(to, y, c.Workers);
    }
}
