using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Counts in buckets that grow by a tenth from 1e-12 to 1e20, on both sides of zero.</summary>
/// <remarks>Source: TensorFlow's histogram (core/lib/histogram), whose limits these are to the last bit.</remarks>
public static class Histograms
{
    private const double Smallest = 1.0e-12;
    private const double Largest = 1.0e20;
    private const double Growth = 1.1;

    private static readonly double[] Limits = BuildLimits();

    /// <summary>The buckets of some values; runs of empty ones are one.</summary>
    /// <param name="values">Finite numbers.</param>
    public static HistogramProto Of(ReadOnlySpan<double> values)
    {
        double[] counts = new double[Limits.Length];
        var histogram = new HistogramProto { Min = double.MaxValue, Max = -double.MaxValue };
        foreach (double value in values)
        {
            counts[BucketOf(value)]++;
            histogram.Min = Math.Min(histogram.Min, value);
            histogram.Max = Math.Max(histogram.Max, value);
            histogram.Num++;
            histogram.Sum += value;
            histogram.SumSquares += value * value;
        }

        for (int i = 0; i < counts.Length; i++)
        {
            bool empty = counts[i] == 0;
            while (empty && i + 1 < counts.Length && counts[i + 1] == 0)
                i++;
            histogram.BucketLimit.Add(Limits[i]);
            histogram.Bucket.Add(counts[i]);
        }

        return histogram;
    }

    // The first limit above the value; the largest number belongs to the last bucket.
    private static int BucketOf(double value)
    {
        int found = Array.BinarySearch(Limits, value);
        return Math.Min(found >= 0 ? found + 1 : ~found, Limits.Length - 1);
    }

    private static double[] BuildLimits()
    {
        var positive = new List<double>();
        for (double limit = Smallest; limit < Largest; limit *= Growth)
            positive.Add(limit);
        positive.Add(double.MaxValue);
        return [.. positive.AsEnumerable().Reverse().Select(static l => -l), 0, .. positive];
    }
}
