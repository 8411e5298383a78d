namespace NotebookPersist;

public static partial class GraphOps
{
    // Source: TensorFlow's image_ops, which has them from ITU-R BT.601.
    private static readonly double[,] RgbToYiqKernel = { { 0.299, 0.59590059, 0.2115 }, { 0.587, -0.27455667, -0.52273617 }, { 0.114, -0.32134392, 0.31119955 } };
    private static readonly double[,] YiqToRgbKernel = { { 1, 1, 1 }, { 0.95598634, -0.27201283, -1.10674021 }, { 0.6208248, -0.64720424, 1.70423049 } };
    private static readonly double[,] RgbToYuvKernel = { { 0.299, -0.14714119, 0.61497538 }, { 0.587, -0.28886916, -0.51496512 }, { 0.114, 0.43601035, -0.10001026 } };
    private static readonly double[,] YuvToRgbKernel = { { 1, 1, 1 }, { 0, -0.394642334, 2.03206185 }, { 1.13988303, -0.58062185, 0 } };

    /// <summary>Red, green and blue to shades of grey.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., 3]. DType: integers, floats.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <returns>Shape: [..., 1].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.rgb_to_grayscale</c>: 0.2989 red, 0.587 green and 0.114 blue.</remarks>
    public static Output RgbToGrayscale(this Graph graph, Operand images, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "rgb_to_grayscale");
        Output pixels = graph.Convert(images, name: "images");
        Output floats = graph.ConvertImageDtype(pixels, DType.Float32);
        Output grey = graph.Tensordot(floats, new[] { 0.2989f, 0.5870f, 0.1140f }, [-1], [-1]);
        return graph.ConvertImageDtype(graph.ExpandDims(grey, -1), pixels.DType, name: scope.Name);
    }

    /// <summary>Shades of grey to red, green and blue.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., 1].</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <returns>Shape: [..., 3].</returns>
    /// <exception cref="ArgumentException">There is not one channel.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.grayscale_to_rgb</c>.</remarks>
    public static Output GrayscaleToRgb(this Graph graph, Operand images, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "grayscale_to_rgb");
        Output pixels = graph.Convert(images, name: "images");
        pixels = ImageChecks.After(ImageChecks.Grayscale(pixels), pixels);
        Output before = graph.ExpandDims(graph.Rank(pixels) - 1, 0);
        Output multiples = graph.Concat([graph.Ones(before, DType.Int32), graph.ExpandDims(3, 0)], 0);
        Output colours = graph.Tile(pixels, multiples, scope.Name);
        if (pixels.Shape.HasRank)
            colours.SetShape([.. pixels.Shape.Dimensions[..^1], 3]);
        return colours;
    }

    /// <summary>Red, green and blue to luma and two chroma channels, I and Q.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., 3], of known rank. DType: floats.</param>
    /// <exception cref="ArgumentException">The rank is not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.rgb_to_yiq</c>.</remarks>
    public static Output RgbToYiq(this Graph graph, Operand images) => OfChannels(graph, images, RgbToYiqKernel);

    /// <summary>Luma and two chroma channels, I and Q, to red, green and blue.</summary>
    /// <inheritdoc cref="RgbToYiq"/>
    /// <remarks>Source: TensorFlow's <c>tf.image.yiq_to_rgb</c>.</remarks>
    public static Output YiqToRgb(this Graph graph, Operand images) => OfChannels(graph, images, YiqToRgbKernel);

    /// <summary>Red, green and blue to luma and two chroma channels, U and V.</summary>
    /// <inheritdoc cref="RgbToYiq"/>
    /// <remarks>Source: TensorFlow's <c>tf.image.rgb_to_yuv</c>.</remarks>
    public static Output RgbToYuv(this Graph graph, Operand images) => OfChannels(graph, images, RgbToYuvKernel);

    /// <summary>Luma and two chroma channels, U and V, to red, green and blue.</summary>
    /// <inheritdoc cref="RgbToYiq"/>
    /// <remarks>Source: TensorFlow's <c>tf.image.yuv_to_rgb</c>.</remarks>
    public static Output YuvToRgb(this Graph graph, Operand images) => OfChannels(graph, images, YuvToRgbKernel);

    private static Output OfChannels(Graph graph, Operand images, double[,] kernel)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output pixels = graph.Convert(images, name: "images");
        if (!pixels.DType.IsFloating())
            throw new ArgumentException($"Images must be floats, not {pixels.DType.Name()}: '{pixels.Name}'. Use ConvertImageDtype first.", nameof(images));
        Output weights = graph.Constant(kernel, pixels.DType, name: "kernel");
        return graph.Tensordot(pixels, weights, [-1], [0]);
    }
}
