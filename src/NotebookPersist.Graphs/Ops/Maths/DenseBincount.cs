using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

/// <summary>Counts how often each number comes in a vector, or in each row of a matrix.</summary>
internal sealed class DenseBincountOp() : UndifferentiatedOp("DenseBincount(input: Tidx, size: Tidx, weights: T) "
    + "-> (output: T) "
    + "where Tidx: int32 | int64, T: int32 | int64 | float | double, binary_output: bool = false", "TensorFlow has no gradient for it"), INumberAction
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        long size = c.InputInts(1) is [>= 0 and var known] ? known : -1;
        c.Output(0, !input.HasRank ? Shape.Unknown : input.Rank == 2 ? [input[0], size] : [size]);
    }

    public override void Compute(KernelContext c) => this.RunFor(c.Operation.Outputs[0].DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Rank > 2)
            throw c.InvalidArgument($"Shape must be at most rank 2 but is rank {input.Rank}");
        if (c.Input(1).Rank != 0 || c.Input(1).Item<long>() is not (>= 0 and <= int.MaxValue and var size))
            throw c.InvalidArgument("size must be a scalar that is not negative");
        ReadOnlySpan<T> weights = c.Input<T>(2);
        if (weights.Length != 0 && weights.Length != input.Count)
            throw c.InvalidArgument("`weights` must be the same shape as `arr` or a length-0 `Tensor`, in which case it acts as all weights equal to 1.");
        bool once = c.Attributes.Bool("binary_output");
        Span<T> bins = c.AllocateOutput(0, input.Rank == 2 ? [input.Shape[0], size] : [size]).MutableData<T>();
        bins.Clear();
        long row = input.Rank == 2 ? Math.Max(1, input.Shape[1]) : Math.Max(1, input.Count);
        for (int i = 0; i < input.Count; i++)
        {
            long number = input.ItemAt<long>(i);
            if (number < 0)
                throw c.InvalidArgument("Input arr must be non-negative!");
            if (number >= size)
                continue;
            ref T bin = ref bins[(int)((i / row * size) + number)];
            bin = once ? T.One : bin + (weights.IsEmpty ? T.One : weights[i]);
        }
    }
}
