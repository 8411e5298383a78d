using System.Globalization;

namespace NotebookPersist.Persistence;

/// <summary>Compares what two graphs computed for one output.</summary>
internal static class OutputValues
{
    private const int ChunkCount = 4096;

    public static OutputComparison Compare(string name, Tensor expected, Tensor actual, bool isReproducible)
    {
        var none = new OutputComparison(name, expected.DType, expected.Shape, 0, 0, 0, 0, null, isReproducible);
        if (expected.DType != actual.DType || !expected.Shape.Equals(actual.Shape))
            return none with { Problem = $"{actual.DType.Name()} {actual.Shape} instead of {expected.DType.Name()} {expected.Shape}" };
        if (!isReproducible)
            return none;
        if (expected.DType == DType.String)
        {
            int different = Enumerable.Range(0, expected.Count).Count(i => !expected.Strings[i].AsSpan().SequenceEqual(actual.Strings[i]));
            return none with { DifferingCount = different, Problem = different == 0 ? null : $"{different} of {expected.Count} texts differ" };
        }

        if (!expected.DType.HasFixedSize())
            return none with { IsReproducible = false };
        (double absolute, double largest, long nans, long nanMismatches, long differing) = Measure(expected, actual);
        return none with
        {
            Absolute = absolute,
            Relative = absolute == 0 ? 0 : absolute / (largest == 0 ? absolute : largest),
            NaNCount = nans,
            DifferingCount = differing,
            Problem = nanMismatches == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{nanMismatches} elements are NaN in one of the two only"),
        };
    }

    private static (double Absolute, double Largest, long NaNs, long NaNMismatches, long Differing) Measure(Tensor expected, Tensor actual)
    {
        double absolute = 0, largest = 0;
        long nans = 0, mismatches = 0, differing = 0;
        int count = expected.Count * ValueComparison.Width(expected.DType);
        Span<double> left = new double[Math.Min(count, ChunkCount)], right = new double[left.Length];
        for (int start = 0; start < count; start += left.Length)
        {
            int length = Math.Min(left.Length, count - start);
            ValueComparison.Load(expected, start, left[..length]);
            ValueComparison.Load(actual, start, right[..length]);
            for (int i = 0; i < length; i++)
            {
                (double e, double a) = (left[i], right[i]);
                nans += double.IsNaN(e) ? 1 : 0;
                if (double.IsFinite(e))
                    largest = Math.Max(largest, Math.Abs(e));
                if (e.Equals(a) || e == a)
                    continue;
                differing++;
                if (double.IsNaN(e) || double.IsNaN(a))
                    mismatches++;
                else
                    absolute = Math.Max(absolute, Math.Abs(e - a));
            }
        }

        return (absolute, largest, nans, mismatches, differing);
    }
}
