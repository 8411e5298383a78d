namespace NotebookPersist.Notebooks.Tensors;

/// <summary>What can be said of a tensor's numbers in one line and one histogram.</summary>
/// <remarks>Up to <see cref="WholeUpTo"/> elements all are read; of more, a sample of evenly spaced runs, so that time stays bounded.</remarks>
internal sealed class TensorStatistics
{
    /// <summary>Number of histogram bins.</summary>
    public const int BinCount = 40;

    /// <summary>Elements up to which all are read.</summary>
    public const int WholeUpTo = 1 << 23;

    private const int RunLength = 1024;
    private const int SampledRuns = 1024;

    private readonly int[] _bins = new int[BinCount];
    private double _sum;
    private double _squares;
    private double _shift = double.NaN;

    private TensorStatistics()
    {
    }

    /// <summary>Elements read; fewer than the tensor has where <see cref="IsSample"/>.</summary>
    public long Read { get; private set; }

    /// <summary>True where not all elements were read.</summary>
    public bool IsSample { get; private init; }

    /// <summary>Elements that are not a number.</summary>
    public long NaNs { get; private set; }

    /// <summary>Elements that are positive infinity.</summary>
    public long PositiveInfinities { get; private set; }

    /// <summary>Elements that are negative infinity.</summary>
    public long NegativeInfinities { get; private set; }

    /// <summary>Elements that are zero.</summary>
    public long Zeros { get; private set; }

    /// <summary>Elements that are finite numbers.</summary>
    public long Finite => Read - NaNs - PositiveInfinities - NegativeInfinities;

    /// <summary>Smallest finite element; NaN where there is none.</summary>
    public double Minimum { get; private set; } = double.NaN;

    /// <summary>Largest finite element; NaN where there is none.</summary>
    public double Maximum { get; private set; } = double.NaN;

    /// <summary>Mean of the finite elements; NaN where there is none.</summary>
    public double Mean => Finite == 0 ? double.NaN : _shift + (_sum / Finite);

    /// <summary>Standard deviation of the finite elements, of the whole population; NaN where there is none.</summary>
    public double Deviation => Finite == 0 ? double.NaN : Math.Sqrt(Math.Max(0, (_squares / Finite) - (_sum / Finite * (_sum / Finite))));

    /// <summary>Square root of the mean square of the finite elements: how far from zero they are.</summary>
    public double RootMeanSquare => Math.Sqrt((Mean * Mean) + (Deviation * Deviation));

    /// <summary>Finite elements by equal parts of the range from minimum to maximum.</summary>
    public ReadOnlySpan<int> Bins => _bins;

    /// <summary>Reads a tensor of any numeric type.</summary>
    public static TensorStatistics Of(Tensor tensor)
    {
        bool sample = tensor.Count > WholeUpTo;
        var statistics = new TensorStatistics { IsSample = sample };
        statistics.ForEachRun(tensor, statistics.Gather);
        if (statistics.Finite > 0)
            statistics.ForEachRun(tensor, statistics.Sort);
        return statistics;
    }

    private void ForEachRun(Tensor tensor, Action<double[], int> visit)
    {
        double[] buffer = new double[RunLength];
        long runs = IsSample ? SampledRuns : (tensor.Count + RunLength - 1) / RunLength;
        for (long run = 0; run < runs; run++)
        {
            int start = (int)(IsSample ? run * (tensor.Count - RunLength) / (runs - 1) : run * RunLength);
            int length = Math.Min(RunLength, tensor.Count - start);
            TensorReader.Read(tensor, start, buffer.AsSpan(0, length));
            visit(buffer, length);
        }
    }

    private void Gather(double[] values, int length)
    {
        Read += length;
        for (int i = 0; i < length; i++)
        {
            double x = values[i];
            if (!double.IsFinite(x))
            {
                if (double.IsNaN(x))
                    NaNs++;
                else if (x > 0)
                    PositiveInfinities++;
                else
                    NegativeInfinities++;
                continue;
            }

            if (double.IsNaN(_shift))
                (_shift, Minimum, Maximum) = (x, x, x);
            if (x == 0)
                Zeros++;
            if (x < Minimum)
                Minimum = x;
            if (x > Maximum)
                Maximum = x;
            // Sums around the first element: a large common offset would otherwise swallow the spread.
            double d = x - _shift;
            _sum += d;
            _squares += d * d;
        }
    }

    private void Sort(double[] values, int length)
    {
        double width = (Maximum / BinCount) - (Minimum / BinCount);
        for (int i = 0; i < length; i++)
        {
            if (!double.IsFinite(values[i]))
                continue;
            int bin = width > 0 ? (int)((values[i] - Minimum) / width) : BinCount / 2;
            _bins[Math.Clamp(bin, 0, BinCount - 1)]++;
        }
    }
}
