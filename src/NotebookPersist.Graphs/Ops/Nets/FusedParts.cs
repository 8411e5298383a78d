using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>What follows the product in a fused operation, as its attribute <c>fused_ops</c> tells.</summary>
/// <param name="HasBatchNorm">True where inference's batch normalisation follows, false where a bias does.</param>
/// <param name="Activation">What comes last, by its name; null for nothing.</param>
/// <remarks>Source: TensorFlow 1.15, FusedComputation: a bias or a batch normalisation, then at most one activation.</remarks>
internal readonly record struct FusedParts(bool HasBatchNorm, string? Activation)
{
    /// <summary>Reads the attribute.</summary>
    /// <exception cref="KernelException">The combination is none that TensorFlow makes, or other inputs belong to it.</exception>
    /// <param name="c">The fused operation.</param>
    /// <param name="channels">How many elements each further input must have.</param>
    public static FusedParts Of(KernelContext c, long channels)
    {
        IReadOnlyList<string> names = c.Attributes.Strings("fused_ops");
        string? activation = names.Count > 1 ? names[1] : null;
        bool isKnown = names.Count is 1 or 2 && names[0] is "BiasAdd" or "FusedBatchNorm" && activation is null or "Relu" or "Relu6" or "Elu";
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

    /// <summary>The same for kernels.</summary>
    public Epilogue<T> Epilogue<T>(KernelContext c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        FusedActivation activation = Activation switch
        {
            "Relu" => FusedActivation.Relu,
            "Relu6" => FusedActivation.Relu6,
            _ => FusedActivation.None,
        };
        return HasBatchNorm
            ? new Epilogue<T> { Mean = c.Input<T>(4), Factor = Factor<T>(c), Bias = c.Input<T>(3), Activation = activation, Elu = Activation == "Elu" }
            : new Epilogue<T> { Bias = c.Input<T>(2), Activation = activation, Elu = Activation == "Elu" };
    }

    private static T[] Factor<T>(KernelContext c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> scale = c.Input<T>(2);
        ReadOnlySpan<T> variance = c.Input<T>(5);
        T epsilon = T.CreateTruncating(c.Attributes.Float("epsilon"));
        var factor = new T[scale.Length];
        for (int i = 0; i < factor.Length; i++)
            factor[i] = scale[i] / T.Sqrt(variance[i] + epsilon);
        return factor;
    }
}
