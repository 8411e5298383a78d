using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>The facts that a tensor's one line is made of.</summary>
internal sealed class TensorSummary
{
    private const int FewElements = 12;

    /// <summary>Reads a tensor once.</summary>
    public TensorSummary(Tensor tensor)
    {
        Tensor = tensor;
        Statistics = tensor.DType.IsNumeric() && tensor.Count > 0 ? TensorStatistics.Of(tensor) : null;
        Warnings = Statistics is null ? [] : [.. Warn(Statistics)];
    }

    public Tensor Tensor { get; }

    /// <summary>Null for empty tensors and elements that are no numbers.</summary>
    public TensorStatistics? Statistics { get; }

    /// <summary>What should catch the eye: NaN!3, +Inf!1, -Inf!1.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Element type and shape.</summary>
    public string Kind => Tensor.Rank == 0 ? $"{Tensor.DType.Name()} scalar" : $"{Tensor.DType.Name()} {Tensor.Shape}";

    /// <summary>Number of elements and their size.</summary>
    public string Size => $"n={Figures.Count(Tensor.Count)} ({Figures.Bytes(ByteCount)})";

    /// <summary>Size of the elements. Unit: bytes; 0 for handles.</summary>
    public long ByteCount => Tensor.DType is DType.Resource or DType.Variant ? 0 : Tensor.ByteCount;

    /// <summary>True where the elements themselves say more than any figure about them.</summary>
    public bool IsFew => Tensor.Count is > 0 and <= FewElements;

    /// <summary>True where the elements vary, so that range and histogram mean something.</summary>
    public bool HasSpread => Statistics is { Finite: > 0 } s && s.Maximum > s.Minimum;

    /// <summary>The elements, or range, mean and deviation; without what <see cref="Warnings"/> say.</summary>
    public string Content
    {
        get
        {
            if (Tensor.Count == 0)
                return "empty";
            if (Statistics is null)
                return IsFew ? Listing(Tensor.Count) : $"{Listing(3)} and {Figures.Count(Tensor.Count - 3)} more";
            if (IsFew)
                return Tensor.DType.IsFloating() || Tensor.DType.IsInteger() ? TensorText.Elements(Tensor) : Listing(Tensor.Count);
            if (Statistics.Finite == 0)
                return "no finite value";
            if (Tensor.DType == DType.Bool)
            {
                long set = Statistics.Read - Statistics.Zeros;
                return $"{Figures.Count(set)} of {Figures.Count(Statistics.Read)} True";
            }

            if (!HasSpread)
                return $"all {Figures.Short(Statistics.Minimum)}";
            string x = Tensor.DType.IsComplex() ? "|x|" : "x";
            return $"{x}∈[{Figures.Short(Statistics.Minimum)}, {Figures.Short(Statistics.Maximum)}] μ={Figures.Short(Statistics.Mean)} σ={Figures.Short(Statistics.Deviation)}";
        }
    }

    /// <summary>Everything in one line.</summary>
    public string Line
    {
        get
        {
            var parts = new List<string> { Kind };
            if (!IsFew && Tensor.Count > 0)
                parts.Add(Size);
            parts.Add(Content);
            if (!IsFew && HasSpread && Tensor.DType != DType.Bool)
                parts.Add(Sparkline.Text(Statistics!.Bins));
            parts.AddRange(Warnings);
            if (Statistics is { IsSample: true })
                parts.Add($"(figures of a sample of {Figures.Count(Statistics.Read)})");
            return string.Join(' ', parts);
        }
    }

    private static IEnumerable<string> Warn(TensorStatistics statistics)
    {
        if (statistics.NaNs > 0)
            yield return $"NaN!{Figures.Count(statistics.NaNs)}";
        if (statistics.PositiveInfinities > 0)
            yield return $"+Inf!{Figures.Count(statistics.PositiveInfinities)}";
        if (statistics.NegativeInfinities > 0)
            yield return $"-Inf!{Figures.Count(statistics.NegativeInfinities)}";
    }

    private string Listing(int count)
    {
        string items = string.Join(", ", Enumerable.Range(0, count).Select(i => ElementText.Short(Tensor, i)));
        return Tensor.Rank == 0 ? items : $"[{items}{(count < Tensor.Count ? ", …" : "")}]";
    }
}
