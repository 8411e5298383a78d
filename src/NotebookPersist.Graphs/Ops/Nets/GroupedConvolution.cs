using System.Numerics;
using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Convolutions whose channels fall into groups: each group of outputs sees its own part of the input's channels.</summary>
/// <remarks>Groups are cut out, convolved one after another and put together. Source: TensorFlow 2.x, whose CPU kernels have them; those of 1.15 do not.</remarks>
internal static class GroupedConvolution
{
    /// <summary>How many groups there are; 1 where each output sees all of the input.</summary>
    /// <exception cref="KernelException">The channels do not divide.</exception>
    public static int Groups(KernelContext c, WindowShape windows, long filterDepth)
    {
        if (windows.InputChannels == filterDepth)
            return 1;
        if (filterDepth <= 0 || windows.InputChannels % filterDepth != 0)
            throw c.InvalidArgument($"input depth must be evenly divisible by filter depth: {windows.InputChannels} vs {filterDepth}");
        int groups = (int)(windows.InputChannels / filterDepth);
        return groups > 0 && windows.OutputChannels % groups == 0
            ? groups
            : throw c.InvalidArgument($"output depth must be evenly divisible by the number of groups: {windows.OutputChannels} vs {groups}");
    }

    /// <summary>The convolution.</summary>
    public static void Forward<T>(KernelContext c, Tensor input, Tensor filter, Tensor output, WindowShape windows, int groups)
        where T : unmanaged, IFloatingPointIeee754<T>
        => OneByOne(c, input, filter, output, windows, groups, static (c, left, right, part, one) => Convolution.Forward(left.Data<T>(), right.Data<T>(), part.MutableData<T>(), one, c.Workers));

    /// <summary>The gradient towards the input.</summary>
    public static void BackpropInput<T>(KernelContext c, Tensor filter, Tensor gradient, Tensor result, WindowShape windows, int groups)
        where T : unmanaged, IFloatingPointIeee754<T>
        => OneByOne(c, filter, gradient, result, windows, groups, static (c, left, right, part, one) => Convolution.BackpropInput(left.Data<T>(), right.Data<T>(), part.MutableData<T>(), one, c.Workers));

    /// <summary>The gradient towards the filter.</summary>
    public static void BackpropFilter<T>(KernelContext c, Tensor input, Tensor gradient, Tensor result, WindowShape windows, int groups)
        where T : unmanaged, IFloatingPointIeee754<T>
        => OneByOne(c, input, gradient, result, windows, groups, static (c, left, right, part, one) => Convolution.BackpropFilter(left.Data<T>(), right.Data<T>(), part.MutableData<T>(), one, c.Workers));

    private static void OneByOne(
        KernelContext c, Tensor left, Tensor right, Tensor whole, WindowShape windows, int groups, Action<KernelContext, Tensor, Tensor, Tensor, WindowShape> convolve)
    {
        WindowShape one = windows with { InputChannels = windows.InputChannels / groups, OutputChannels = windows.OutputChannels / groups };
        for (int group = 0; group < groups; group++)
        {
            Tensor part = Like(c, whole, groups);
            convolve(c, Part(c, left, group, groups), Part(c, right, group, groups), part, one);
            StridedCopy.Run(StridedView.Of(part), Columns(whole, group, groups), part.Shape.Dimensions, c.Workers);
        }
    }

    private static Tensor Like(KernelContext c, Tensor whole, int groups) => c.Allocate(whole.DType, [.. whole.Shape.Dimensions[..^1], whole.Shape[^1] / groups]);

    // Channels stand last, so a group is a range of columns.
    private static Tensor Part(KernelContext c, Tensor whole, int group, int groups)
    {
        Tensor part = Like(c, whole, groups);
        StridedCopy.Run(Columns(whole, group, groups), StridedView.Of(part), part.Shape.Dimensions, c.Workers);
        return part;
    }

    private static StridedView Columns(Tensor whole, int group, int groups) => StridedView.Of(whole).From(group * (int)(whole.Shape[^1] / groups));
}
