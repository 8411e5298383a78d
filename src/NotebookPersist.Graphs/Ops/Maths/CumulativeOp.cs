using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

/// <summary>An operation whose elements hold what has come before along an axis.</summary>
internal abstract class CumulativeOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor x = c.Input(0);
        Tensor y = c.AllocateOutput(0, x.Shape);
        long axis = IntVectors.Read(c.Input(1)) is [var single] ? single : throw c.InvalidArgument($"ScanOp: axis must be a scalar, not {c.Input(1).Shape}");
        if (axis < -x.Rank || axis >= x.Rank)
            throw c.InvalidArgument($"ScanOp: Expected scan axis in the range [{-x.Rank}, {x.Rank}), but got {axis}");
        int at = (int)(axis < 0 ? axis + x.Rank : axis);
        switch (x.DType)
        {
            case DType.BFloat16:
                Widened<float>(c, x, y, at, DType.Float32);
                break;
            case DType.Complex64:
                Widened<Complex>(c, x, y, at, DType.Complex128);
                break;
            case var type when NumberLoops.IsSupported(type):
                NumberLoops.Run(type, new Scanning(this, c, x, y, at));
                break;
            default:
                throw c.Unsupported(x.DType);
        }
    }

    /// <summary>What stands before the first element.</summary>
    protected abstract T Start<T>()
        where T : INumberBase<T>;

    /// <summary>Takes one more element in.</summary>
    protected abstract T Next<T>(T total, T x)
        where T : INumberBase<T>;

    private void Widened<T>(KernelContext c, Tensor x, Tensor y, int axis, DType wide)
        where T : unmanaged, INumberBase<T>
    {
        Tensor from = c.Allocate(wide, x.Shape);
        Casts.Convert(x, from, c.Workers);
        Tensor to = c.Allocate(wide, x.Shape);
        Scan<T>(c, from, to, axis);
        Casts.Convert(to, y, c.Workers);
    }

    private void Scan<T>(KernelContext c, Tensor x, Tensor y, int axis)
        where T : unmanaged, INumberBase<T>
    {
        bool exclusive = c.Attributes.Bool("exclusive");
        bool reverse = c.Attributes.Bool("reverse");
        int length = (int)x.Shape[axis];
        int step = IntVectors.Product(x.Shape.Dimensions[(axis + 1)..]);
        ReadOnlySpan<T> from = x.Data<T>();
        Span<T> to = y.MutableData<T>();
        for (int line = 0; length > 0 && line < from.Length / length; line++)
        {
            int first = (line / step * length * step) + (line % step);
            T total = Start<T>();
            for (int i = 0; i < length; i++)
            {
                int at = first + ((reverse ? length - 1 - i : i) * step);
                T next = Next(total, from[at]);
                to[at] = exclusive ? total : next;
                total = next;
            }
        }
    }

    private readonly record struct Scanning(CumulativeOp Op, KernelContext Context, Tensor X, Tensor Y, int Axis) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T> => Op.Scan<T>(Context, X, Y, Axis);
    }
}
