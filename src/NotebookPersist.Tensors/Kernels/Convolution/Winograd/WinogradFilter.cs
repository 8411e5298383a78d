using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NotebookPersist.Memory;

namespace NotebookPersist.Kernels;

/// <summary>A filter of three by three, transformed for Winograd's F(4x4, 3x3): four times as large as the filter.</summary>
/// <remarks>
/// Layout <c>[panels of output channels][36][input channels][panel]</c>, which products read strictly in order.
/// Error: where inputs and weights are of one size, results differ from exact ones by about four times what plain float32 sums do: root mean
/// square below 5e-6 of that of the result, at most 2e-5 of the largest result (held by tests). An infinite input makes NaN of the results near it.
/// Thread safety: immutable while nobody calls <see cref="Set"/>.
/// </remarks>
public sealed class WinogradFilter
{
    private const int Products = 36;

    // As many input channels are transformed together as keep 36 panels in the nearest caches.
    private const int ChannelsAtOnce = 8;

    private readonly TensorBuffer _panels;

    /// <summary>Room for a filter.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    public WinogradFilter(int inputs, int outputs)
    {
        (InputChannels, OutputChannels) = (inputs, outputs);
        _panels = TensorBuffer.Allocate(Size(inputs, outputs));
    }

    /// <summary>Input channels.</summary>
    public int InputChannels { get; }

    /// <summary>Output channels.</summary>
    public int OutputChannels { get; }

    /// <summary>Unit: bytes.</summary>
    public long ByteCount => _panels.ByteCount;

    internal Span<float> Panels => MemoryMarshal.Cast<byte, float>(_panels.Bytes);

    private static int Width => 2 * (Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector<float>.Count);

    /// <summary>Whether a convolution is of the kind that this is for and is faster by it.</summary>
    public static bool Suits(WindowShape shape)
    {
        if (shape.Depth != WindowAxis.Single || !IsPlain(shape.Height) || !IsPlain(shape.Width) || Size(shape.InputChannels, shape.OutputChannels) > Array.MaxLength / 2)
            return false;

        // Few channels: the transforms cost more than they save. Few tiles: the transformed filter is four times as much to read.
        long tiles = (long)shape.Batch * Tiles(shape.Height.Output) * Tiles(shape.Width.Output);
        return shape.InputChannels >= 8
            && shape.OutputChannels >= 8
            && shape.OutputPositions * 9 >= tiles * Products * 3 / 2
            && tiles >= ((long)shape.InputChannels * shape.OutputChannels >= 1 << 15 ? 8 : 2);
    }

    /// <summary>The same for the backward pass of a convolution towards its input, which is a convolution too.</summary>
    /// <param name="shape">The forward convolution.</param>
    public static bool SuitsBackward(WindowShape shape) => IsPlain(shape.Height) && IsPlain(shape.Width) && shape.Depth == WindowAxis.Single && Suits(shape.Reversed);

    /// <summary>Transforms a filter.</summary>
    /// <param name="filter">Shape: [3, 3, in, out].</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    /// <exception cref="ArgumentException">The filter has another size.</exception>
    public unsafe void Set(ReadOnlySpan<float> filter, Workers workers)
    {
        if (filter.Length != 9L * InputChannels * OutputChannels)
            throw new ArgumentException($"A filter of shape [3, 3, {InputChannels}, {OutputChannels}] is needed; {filter.Length:N0} elements were given.", nameof(filter));
        fixed (float* from = filter, to = Panels)
        {
            if (Vector512.IsHardwareAccelerated)
                Transform<WideLanes<float>, Vector512<float>>(from, to, InputChannels, OutputChannels, workers);
            else
                Transform<GeneralLanes<float>, Vector<float>>(from, to, InputChannels, OutputChannels, workers);
        }
    }

    /// <summary>Transforms the filter of the backward pass towards the input: turned by half a circle, inputs and outputs exchanged.</summary>
    /// <param name="filter">Shape of the forward filter: [3, 3, out, in], seen from here.</param>
    /// <param name="workers">Threads to use and the token that stops them.</param>
    /// <exception cref="ArgumentException">The filter has another size.</exception>
    public unsafe void SetReversed(ReadOnlySpan<float> filter, Workers workers)
    {
        using var reversed = new AlignedScratch<float>(filter.Length);
        var turned = new Span<float>(reversed.Pointer, filter.Length);
        int size = InputChannels * OutputChannels;
        for (int tap = 0; tap < 9; tap++)
            ChannelLayout.Transpose(filter.Slice(tap * size, size), turned.Slice((8 - tap) * size, size), 1, OutputChannels, InputChannels);
        Set(turned, workers);
    }

    internal static int Tiles(int outputs) => (outputs + 3) / 4;

    internal static unsafe void Transform<TLanes, TVector>(float* filter, float* panels, int inputs, int outputs, Workers workers)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        int width = 2 * TLanes.Count;
        int blocks = (inputs + ChannelsAtOnce - 1) / ChannelsAtOnce;
        int count = (outputs + width - 1) / width * blocks;
        workers.For(count, Math.Max(1, (1 << 16) / (Products * ChannelsAtOnce * width)), (start, end) =>
        {
            // The padding keeps the 36 streams of stores out of the same lines of the cache.
            nint plane = (ChannelsAtOnce * width) + 16;
            using var scratch = new AlignedScratch<float>((Products * plane) + (9 * width));
            float* edge = scratch.Pointer + (Products * plane);
            for (int item = start; item < end; item++)
            {
                nint panel = item / blocks;
                int first = item % blocks * ChannelsAtOnce;
                int channels = Math.Min(ChannelsAtOnce, inputs - first);
                int columns = (int)Math.Min(width, outputs - (panel * width));
                for (int channel = 0; channel < channels; channel++)
                {
                    float* from = filter + ((nint)(first + channel) * outputs) + (panel * width);
                    nint tapStep = (nint)inputs * outputs;
                    if (columns < width)
                    {
                        new Span<float>(edge, 9 * width).Clear();
                        for (int tap = 0; tap < 9; tap++)
                            new ReadOnlySpan<float>(from + (tap * tapStep), columns).CopyTo(new Span<float>(edge + (tap * width), columns));
                        from = edge;
                        tapStep = width;
                    }

                    float* to = scratch.Pointer + (channel * width);
                    WinogradTransforms<TLanes, TVector>.Filter(from, tapStep, to, plane);
                    WinogradTransforms<TLanes, TVector>.Filter(from + TLanes.Count, tapStep, to + TLanes.Count, plane);
                }

                for (int product = 0; product < Products; product++)
                {
                    float* to = panels + (((((panel * Products) + product) * inputs) + first) * width);
                    new ReadOnlySpan<float>(scratch.Pointer + (product * plane), channels * width).CopyTo(new Span<float>(to, channels * width));
                }
            }
        });
    }

    internal static long Size(int inputs, int outputs) => Math.Max(1 << 12, 4L * Products * inputs * ((outputs + Width - 1) / Width * Width));

    private static bool IsPlain(WindowAxis axis) => axis is { Window: 3, Stride: 1, Dilation: 1 };
}
