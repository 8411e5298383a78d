using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>What follows the product in a fused operation, as its attribute <c>fused_ops</c> tells.</summary>
/// <param name="HasBatchNorm">True where inference's batch normalisation follows, false where a bias does.</param>
/// <param name="Activation">What comes last.</param>
/// <remarks>Source: TensorFlow 1.15, FusedComputation: a bias or a batch normalisation, then at most one activation.</remarks>
internal readonly record struct FusedParts(bool HasBatchNorm, ChannelActivation Activation)
{
    /// <summary>Reads the attribute.</summary>
    /// <exception cref="KernelException">The combination is none that TensorFlow makes, or other inputs belong to it.</exception>
    /// <param name="c">The fused operation.</param>
    /// <param name="channels">How many elements each further input must have.</param>
    public static FusedParts Of(KernelContext c, long channels)
    {
        IReadOnlyList<string> names = c.Attributes.Strings("fused_ops");
        ChannelActivation activation = ChannelActivation.None;
        bool isKnown = names.Count is 1 or 2 && names[0] is "BiasAdd" or "FusedBatchNorm";
        if (names.Count == 2)
            isKnown &= Enum.TryParse(names[1], out activation) && activation != ChannelActivation.None;
        if (!isKnown)
            throw new KernelException(RunErrorCode.Unimplemented, $"Fusion is not implemented: [{string.Join(",", names)}]. After BiasAdd or FusedBatchNorm there can be one of Relu, Relu6 and Elu.");
        var parts = new FusedParts(names[0] == "FusedBatchNorm", activation);
        int expected = parts.HasBatchNorm ? 4 : 1;
        if (c.InputCount - 2 != expected)
            throw c.InvalidArgument($"Fused {c.Operation.Type} must have {expected} extra argument(s) for {names[0]}; it has {c.InputCount - 2}.");
        for (int i = 2; i < c.InputCount; i++)
        {
            if (c.Input(i).Rank != 1 || c.Input(i).Count != channels)
                throw c.InvalidArgument($"Argument {i - 2} of {c.Operation.Type} must have one element for each of {channels} channels; its shape is {c.Input(i).Shape}.");
        }

        return parts;
    }

    /// <summary>What can be done while the sums are in the caches.</summary>
    public Epilogue<T> Epilogue<T>(KernelContext c)
        where T : unmanaged, INumber<T> => HasBatchNorm ? default : new Epilogue<T>
        {
            Bias = c.Input<T>(2),
            Activation = Activation switch
            {
                ChannelActivation.Relu => FusedActivation.Relu,
                ChannelActivation.Relu6 => FusedActivation.Relu6,
                _ => FusedActivation.None,
            },
        };

    /// <summary>The rest, in place on rows of channels.</summary>
    public void Run<T>(KernelContext c, Span<T> values, int channels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!HasBatchNorm)
        {
            if (Activation == ChannelActivation.Elu)
                ChannelEpilogue.Run(values, channels, [], [], [], Activation, c.Workers);
            return;
        }

        ReadOnlySpan<T> scale = c.Input<T>(2);
        ReadOnlySpan<T> variance = c.Input<T>(5);
        T epsilon = T.CreateTruncating(c.Attributes.Float("epsilon"));
        var factor = new T[channels];
        for (int i = 0; i < channels; i++)
            factor[i] = scale[i] / T.Sqrt(variance[i] + epsilon);
        ChannelEpilogue.Run(values, channels, c.Input<T>(4), factor, c.Input<T>(3), Activation, c.Workers);
    }
}
