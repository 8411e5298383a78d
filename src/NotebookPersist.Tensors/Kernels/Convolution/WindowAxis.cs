namespace NotebookPersist.Kernels;

/// <summary>How a window slides along one spatial axis.</summary>
/// <param name="Input">Size of the input.</param>
/// <param name="Output">Number of windows.</param>
/// <param name="Window">Elements in a window.</param>
/// <param name="Stride">Elements from one window to the next.</param>
/// <param name="Dilation">Elements from one element of a window to the next.</param>
/// <param name="Before">Elements of padding before the input; may be negative in a backward pass.</param>
public readonly record struct WindowAxis(int Input, int Output, int Window, int Stride, int Dilation, int Before)
{
    /// <summary>An axis that does not take part.</summary>
    public static WindowAxis Single { get; } = new(1, 1, 1, 1, 1, 0);

    /// <summary>Number of windows and padding by TensorFlow's rules.</summary>
    /// <param name="input">Size of the input.</param>
    /// <param name="window">Elements in a window.</param>
    /// <param name="stride">Elements from one window to the next.</param>
    /// <param name="dilation">Elements from one element of a window to the next.</param>
    /// <param name="padding">SAME, VALID or EXPLICIT.</param>
    /// <param name="before">Explicit padding before the input.</param>
    /// <param name="after">Explicit padding after the input.</param>
    /// <returns>An axis whose number of windows is negative where the window is larger than the padded input.</returns>
    public static WindowAxis Create(long input, long window, long stride, long dilation, string padding, long before = 0, long after = 0)
    {
        long span = ((window - 1) * dilation) + 1;
        if (padding == "SAME")
        {
            long output = (input + stride - 1) / stride;
            long total = Math.Max(0, ((output - 1) * stride) + span - input);
            return new(checked((int)input), checked((int)output), checked((int)window), checked((int)stride), checked((int)dilation), checked((int)(total / 2)));
        }

        if (padding != "EXPLICIT")
            (before, after) = (0, 0);
        long room = input + before + after - span;
        long count = room + stride < 0 ? -1 : (room + stride) / stride;
        return new(checked((int)input), checked((int)count), checked((int)window), checked((int)stride), checked((int)dilation), checked((int)before));
    }

    /// <summary>The axis of the backward pass: every input element gathers from the windows that it was part of.</summary>
    /// <remarks>The window is passed over from its end, and between outputs lie <see cref="Stride"/> - 1 zeros.</remarks>
    internal WindowAxis Reversed => new(Output, Input, Window, 1, Dilation, ((Window - 1) * Dilation) - Before);

    /// <summary>Whether every window is one element of the input.</summary>
    internal bool IsPoint => Window == 1 && Stride == 1 && Before == 0 && Input == Output;

    /// <summary>Whether the only window is the whole input.</summary>
    internal bool IsWhole => Window == Input && Output == 1 && Before == 0 && (Dilation == 1 || Window == 1);

    /// <summary>First input position of a window, negative inside the padding.</summary>
    internal int Start(int output) => (output * Stride) - Before;

    /// <summary>The elements of a window that lie inside the input.</summary>
    internal (int First, int End) Inside(int output)
    {
        int start = Start(output);
        int first = start >= 0 ? 0 : (-start + Dilation - 1) / Dilation;
        int end = start >= Input ? 0 : Math.Min(Window, ((Input - 1 - start) / Dilation) + 1);
        return (Math.Min(first, end), end);
    }
}

/// <summary>The shape of a convolution or pooling over up to three spatial axes, channels last.</summary>
/// <param name="Batch">Number of images.</param>
/// <param name="InputChannels">Channels of the input.</param>
/// <param name="OutputChannels">Channels of the output.</param>
/// <param name="Depth">Outermost axis; <see cref="WindowAxis.Single"/> for images.</param>
/// <param name="Height">Middle axis.</param>
/// <param name="Width">Innermost axis.</param>
public readonly record struct WindowShape(int Batch, int InputChannels, int OutputChannels, WindowAxis Depth, WindowAxis Height, WindowAxis Width)
{
    /// <summary>Windows of all images.</summary>
    public long OutputPositions => (long)Batch * Depth.Output * Height.Output * Width.Output;

    /// <summary>Elements of one channel in a window.</summary>
    public int Taps => Depth.Window * Height.Window * Width.Window;

    /// <summary>Elements of all channels in a window.</summary>
    public int WindowSize => Taps * InputChannels;

    /// <summary>Whether the windows, one after the other, are the input as it lies: then a convolution is a product of matrices.</summary>
    public bool IsProduct => (Depth.IsPoint && Height.IsPoint && Width.IsPoint) || (Depth.IsWhole && Height.IsWhole && Width.IsWhole);

    internal long InputPositions => (long)Batch * Depth.Input * Height.Input * Width.Input;

    internal WindowShape Reversed => new(Batch, OutputChannels, InputChannels, Depth.Reversed, Height.Reversed, Width.Reversed);
}
