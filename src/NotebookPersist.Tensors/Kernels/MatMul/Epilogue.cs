using System.Numerics;
using System.Numerics.Tensors;

namespace NotebookPersist.Kernels;

/// <summary>A function that follows a convolution or product.</summary>
public enum FusedActivation
{
    /// <summary>The sums as they are.</summary>
    None,

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>min(max(x, 0), 6); NaN stays NaN.</summary>
    Relu6,
}

/// <summary>What is done to the sums of a convolution or product: most of it while they are still in the caches.</summary>
/// <remarks>Order: normalisation, bias, activation, pool. The default does nothing. Kernels take the <see cref="Early"/> part; the rest is done by <see cref="EpilogueRows"/>.</remarks>
public readonly ref struct Epilogue<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>One number for each column of a product or channel of an image; empty for none.</summary>
    public ReadOnlySpan<T> Bias { get; init; }

    /// <summary>The function that follows.</summary>
    public FusedActivation Activation { get; init; }

    /// <summary>Whether only the largest of each two by two positions is stored; convolutions of images only.</summary>
    /// <remarks>The result has half the height and width, rounded down, as a pool of window 2, stride 2 and padding VALID.</remarks>
    public bool MaxPool { get; init; }

    /// <summary>One number a channel, taken off the sums; empty where <see cref="Factor"/> is.</summary>
    public ReadOnlySpan<T> Mean { get; init; }

    /// <summary>One number a channel, by which the sums are multiplied once the mean is off; empty for none.</summary>
    public ReadOnlySpan<T> Factor { get; init; }

    /// <summary>Whether exp(x) - 1 takes the place of what is below 0, in the place of another activation.</summary>
    public bool Elu { get; init; }

    /// <summary>True where nothing is to be done.</summary>
    public bool IsEmpty => Bias.IsEmpty && Activation == FusedActivation.None && !MaxPool && !IsLate;

    /// <summary>True where something is left to do once all sums are there.</summary>
    public bool IsLate => Elu || !Factor.IsEmpty;

    /// <summary>What kernels do on their way: nothing before a normalisation, the bias before an exponential.</summary>
    public Epilogue<T> Early => !Factor.IsEmpty ? default : new() { Bias = Bias, Activation = Activation, MaxPool = MaxPool };

    /// <summary>Bias and activation over rows of sums that lie together.</summary>
    /// <param name="rows">Shape: [any, channels]. Written in place.</param>
    /// <param name="channels">Length of a row.</param>
    public void Apply(Span<T> rows, int channels)
    {
        if (!Bias.IsEmpty)
        {
            for (int at = 0; at < rows.Length; at += channels)
                TensorPrimitives.Add(rows.Slice(at, channels), Bias, rows.Slice(at, channels));
        }

        if (Activation != FusedActivation.None)
            TensorPrimitives.Max(rows, T.Zero, rows);
        if (Activation == FusedActivation.Relu6)
            TensorPrimitives.Min(rows, T.CreateChecked(6), rows);
    }
}
