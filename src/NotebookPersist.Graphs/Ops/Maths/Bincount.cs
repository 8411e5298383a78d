using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

/// <summary>Counts how often each number comes, or adds up a weight each time.</summary>
internal sealed class BincountOp() : Op("Bincount(arr: int32, size: int32, weights: T) -> (bins: T) where T: int32 | int64 | float | double"), INumberAction
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c) => c.Output(0, [c.InputInts(1) is [>= 0 and var size] ? size : -1]);

    public override void Compute(KernelContext c) => this.RunFor(c.Operation.Outputs[0].DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        ReadOnlySpan<int> numbers = c.Input<int>(0);
        int size = IntVectors.Read(c.Input(1)) is [var single] ? (int)single : throw c.InvalidArgument($"Shape must be rank 0 but is rank {c.Input(1).Rank}");
        if (size < 0)
            throw c.InvalidArgument($"size ({size}) must be non-negative");
        ReadOnlySpan<T> weights = c.Input<T>(2);
        if (weights.Length != 0 && weights.Length != numbers.Length)
            throw c.InvalidArgument("Weights and input must have the same number of elements.");
        Span<T> bins = c.AllocateOutput(0, [size]).MutableData<T>();
        bins.Clear();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] < 0)
                throw c.InvalidArgument("Input arr must be non-negative!");
            if (numbers[i] < size)
                bins[numbers[i]] += weights.Length == 0 ? T.One : weights[i];
        }
    }
}

/// <summary>Counts numbers in bins of equal width; what is outside falls into the first and last bin.</summary>
internal sealed class HistogramFixedWidthOp() : Op("HistogramFixedWidth(values: T, value_range: T, nbins: int32) -> (out: dtype) where T: int32 | int64 | float | double, dtype: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("counts are not differentiated");

    public override void InferShapes(ShapeContext c) => c.Output(0, [c.InputInts(2) is [> 0 and var size] ? size : -1]);

    public override void Compute(KernelContext c)
    {
        Tensor wide = c.Allocate(DType.Float64, c.Input(0).Shape);
        Casts.Convert(c.Input(0), wide, c.Workers);
        Tensor range = c.Allocate(DType.Float64, c.Input(1).Shape);
        Casts.Convert(c.Input(1), range, c.Workers);
        if (range.Count != 2)
            throw c.InvalidArgument("value_range should be a vector of 2 elements.");
        (double low, double high) = (range.Data<double>()[0], range.Data<double>()[1]);
        long bins = IntVectors.Read(c.Input(2))[0];
        if (!(low < high))
            throw c.InvalidArgument($"value_range should satisfy value_range[0] < value_range[1], but got '[{low}, {high}]'");
        if (bins <= 0)
            throw c.InvalidArgument($"nbins should be a positive number, but got '{bins}'");
        if (bins > Array.MaxLength / sizeof(long))
            throw c.InvalidArgument($"nbins should be at most {Array.MaxLength / sizeof(long)}, but got '{bins}'");
        long[] counts = new long[bins];
        // Differences are those of the element type, as in TensorFlow: at the border of two bins that decides.
        bool isSingle = c.Input(0).DType == DType.Float32;
        double step = Difference(high, low, isSingle) / bins;
        foreach (double value in wide.Data<double>())
            counts[(long)Math.Clamp(Math.Floor(Difference(Math.Max(value, low), low, isSingle) / step), 0, bins - 1)]++;
        IntVectors.Write(counts, c.AllocateOutput(0, [bins]));
    }

    private static double Difference(double x, double y, bool isSingle) => isSingle ? (float)x - (float)y : x - y;
}
