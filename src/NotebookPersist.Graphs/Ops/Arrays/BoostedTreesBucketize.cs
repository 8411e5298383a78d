using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The number of the first boundary that is not below each value; the last one's for values above all.</summary>
internal sealed class BoostedTreesBucketizeOp() : UndifferentiatedOp(
    "BoostedTreesBucketize(float_values: num_features * float, bucket_boundaries: num_features * float) -> (buckets: num_features * int32) where num_features: int >= 0",
    "bucket numbers are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
        {
            Shape values = c.WithRank(i, 1);
            _ = c.WithRank(c.OutputCount + i, 1);
            c.Output(i, values);
        }
    }

    public override void Compute(KernelContext c)
    {
        int count = c.Operation.Outputs.Count;
        for (int k = 0; k < count; k++)
        {
            if (c.Input(k).Rank != 1 || c.Input(count + k).Rank != 1)
                throw c.InvalidArgument($"Buckets and values should be flat vectors, got {c.Input(count + k).Shape} and {c.Input(k).Shape}.");
            ReadOnlySpan<float> values = c.Input<float>(k);
            ReadOnlySpan<float> boundaries = c.Input<float>(count + k);
            Span<int> buckets = c.AllocateOutput(k, [values.Length]).MutableData<int>();
            for (int i = 0; i < buckets.Length; i++)
                buckets[i] = Math.Max(0, Math.Min(FirstNotBelow(boundaries, values[i]), boundaries.Length - 1));
        }
    }

    // A NaN is above nothing and below nothing, and so in the first bucket.
    private static int FirstNotBelow(ReadOnlySpan<float> boundaries, float value)
    {
        (int low, int high) = (0, boundaries.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (boundaries[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
