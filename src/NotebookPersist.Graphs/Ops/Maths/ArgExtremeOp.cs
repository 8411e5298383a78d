using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

/// <summary>An operation that tells where along an axis the best number is.</summary>
internal abstract class ArgExtremeOp(string signature) : Op(signature), INumberAction
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("positions are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Input(0);
        if (!shape.HasRank || shape.Rank == 0)
        {
            c.Output(0, shape.Rank == 0 ? Shape.Scalar : Shape.Unknown);
            return;
        }

        if (c.InputInts(1) is not { } axes)
        {
            c.Output(0, Shape.OfRank(shape.Rank - 1));
            return;
        }

        long axis = axes is [var single] ? single : throw c.Fault("The dimension must be a scalar.");
        if (axis < -shape.Rank || axis >= shape.Rank)
            throw c.Fault($"Dimension ({axis}) must be in the range [{-shape.Rank}, {shape.Rank}), where {shape.Rank} is the number of dimensions in the input.");
        int at = (int)(axis < 0 ? axis + shape.Rank : axis);
        c.Output(0, [.. shape.Dimensions[..at], .. shape.Dimensions[(at + 1)..]]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor x = c.Input(0);
        if (x.DType != DType.BFloat16)
        {
            this.RunFor(x.DType, c);
            return;
        }

        Tensor wide = c.Allocate(DType.Float32, x.Shape);
        Casts.Convert(x, wide, c.Workers);
        Find<float>(c, wide);
    }

    void INumberAction.Run<T>(KernelContext c) => Find<T>(c, c.Input(0));

    /// <summary>Whether a number takes the place of the best one so far.</summary>
    protected abstract bool IsBetter<T>(T x, T best)
        where T : unmanaged, INumber<T>;

    private void Find<T>(KernelContext c, Tensor x)
        where T : unmanaged, INumber<T>
    {
        long axis = IntVectors.Read(c.Input(1)) is [var single] ? single : throw c.InvalidArgument($"dim must be a scalar, but received tensor of shape: {c.Input(1).Shape}");
        if (axis < -x.Rank || axis >= x.Rank)
            throw c.InvalidArgument($"Expected dimension in the range [{-x.Rank}, {x.Rank}), but got {axis}");
        int at = (int)(axis < 0 ? axis + x.Rank : axis);
        int length = (int)x.Shape[at];
        if (length == 0)
            throw c.InvalidArgument($"Reduction axis {at} is empty in shape {x.Shape}");
        int inner = IntVectors.Product(x.Shape.Dimensions[(at + 1)..]);
        Tensor result = c.AllocateOutput(0, [.. x.Shape.Dimensions[..at], .. x.Shape.Dimensions[(at + 1)..]]);
        long[] places = new long[result.Count];
        ReadOnlySpan<T> values = x.Data<T>();
        for (int i = 0; i < places.Length; i++)
        {
            int first = (i / inner * length * inner) + (i % inner);
            int best = 0;
            for (int k = 1; k < length; k++)
            {
                if (IsBetter(values[first + (k * inner)], values[first + (best * inner)]))
                    best = k;
            }

            places[i] = best;
        }

        IntVectors.Write(places, result);
    }
}
