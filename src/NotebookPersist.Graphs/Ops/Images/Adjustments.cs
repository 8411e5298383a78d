namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Adds to the brightness of images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Any shape. DType: integers, floats.</param>
    /// <param name="delta">What is added, where 1 is the brightest. Shape: [].</param>
    /// <returns>DType: that of the image; integers are cut off at their least and largest.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.adjust_brightness</c>.</remarks>
    public static Output AdjustBrightness(this Graph graph, Operand image, Operand delta)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope("adjust_brightness");
        Output pixels = graph.Convert(image, name: "image");
        Output floats = AsFloats(graph, pixels);
        Output adjusted = graph.Add(floats, graph.Cast(delta, floats.DType), scope.Name);
        return graph.ConvertImageDtype(adjusted, pixels.DType, saturate: true);
    }

    /// <summary>Multiplies the distance of each pixel from its channel's mean.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., height, width, channels]. DType: integers, floats.</param>
    /// <param name="contrastFactor">Scalar.</param>
    /// <param name="name">Name scope, and name of the node.</param>
    /// <returns>DType: that of the images; integers are cut off at their least and largest.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.adjust_contrast</c>, op "AdjustContrastv2".</remarks>
    public static Output AdjustContrast(this Graph graph, Operand images, Operand contrastFactor, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "adjust_contrast");
        Output pixels = graph.Convert(images, name: "images");
        Output adjusted = graph.Add<AdjustContrastv2Op>(scope.Name, AsFloats(graph, pixels), contrastFactor);
        return graph.ConvertImageDtype(adjusted, pixels.DType, saturate: true);
    }

    /// <summary>Takes the brightness of images to a power.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Any shape. DType: integers, floats.</param>
    /// <param name="gamma">The power, none negative; 1 by default. Shape: [].</param>
    /// <param name="gain">What the result is multiplied with; 1 by default. Shape: [].</param>
    /// <returns>DType: that of the image; integers are cut off at their least and largest.</returns>
    /// <exception cref="ArgumentException">The power is a negative number.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.adjust_gamma</c>; a power that the graph computes is checked in the run.</remarks>
    public static Output AdjustGamma(this Graph graph, Operand image, Operand gamma = default, Operand gain = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        const string NotNegative = "Gamma should be a non-negative real number.";
        using NameScope scope = graph.NameScope("adjust_gamma");
        Output pixels = graph.Convert(image, name: "image");
        Output floats = AsFloats(graph, pixels);
        Operand power = gamma.IsMissing ? 1 : gamma;
        if (power.Output is { } computed)
            power = ImageChecks.After([graph.Assert(graph.GreaterEqual(computed, 0), [NotNegative])], computed);
        else if (power.Value is not { Count: 1 } number || !(number.ItemAt<double>(0) >= 0))
            throw new ArgumentException(NotNegative, nameof(gamma));
        Output adjusted = (gain.IsMissing ? 1 : gain) * graph.Power(floats, power, "pow");
        return graph.ConvertImageDtype(adjusted, pixels.DType, saturate: true);
    }

    /// <summary>Turns the hue of images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., 3]. DType: integers, floats.</param>
    /// <param name="delta">Scalar; 1 is a whole turn.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.image.adjust_hue</c>, op "AdjustHue".</remarks>
    public static Output AdjustHue(this Graph graph, Operand images, Operand delta, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "adjust_hue");
        Output pixels = graph.Convert(images, name: "image");
        return graph.ConvertImageDtype(graph.Add<AdjustHueOp>(null, AsFloats(graph, pixels), delta), pixels.DType);
    }

    /// <summary>Multiplies the saturation of images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [..., 3]. DType: integers, floats.</param>
    /// <param name="scale">Scalar.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.image.adjust_saturation</c>, op "AdjustSaturation".</remarks>
    public static Output AdjustSaturation(this Graph graph, Operand images, Operand scale, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "adjust_saturation");
        Output pixels = graph.Convert(images, name: "image");
        return graph.ConvertImageDtype(graph.Add<AdjustSaturationOp>(null, AsFloats(graph, pixels), scale), pixels.DType);
    }

    /// <summary>Adds to the brightness of images, by chance.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Any shape. DType: integers, floats.</param>
    /// <param name="maxDelta">What is added is drawn from [-this, this); 1 is the brightest.</param>
    /// <param name="seed">Makes the draws the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <exception cref="ArgumentException">The number is negative.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.random_brightness</c>.</remarks>
    public static Output RandomBrightness(this Graph graph, Operand image, double maxDelta, int? seed = null) => maxDelta >= 0
        ? graph.AdjustBrightness(image, graph.RandomUniform(NotebookPersist.Shape.Scalar, -maxDelta, maxDelta, seed: seed))
        : throw new ArgumentException("max_delta must be non-negative.", nameof(maxDelta));

    /// <summary>Multiplies the distance of each pixel from its channel's mean, by chance.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [..., height, width, channels]. DType: integers, floats.</param>
    /// <param name="lower">Least factor, none negative.</param>
    /// <param name="upper">Above the largest factor.</param>
    /// <param name="seed">Makes the draws the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <exception cref="ArgumentException">The range is empty or begins below 0.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.random_contrast</c>.</remarks>
    public static Output RandomContrast(this Graph graph, Operand image, double lower, double upper, int? seed = null) =>
        graph.AdjustContrast(image, Factor(graph, lower, upper, seed));

    /// <summary>Turns the hue of images, by chance.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [..., 3]. DType: integers, floats.</param>
    /// <param name="maxDelta">The turn is drawn from [-this, this); at most 0.5.</param>
    /// <param name="seed">Makes the draws the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <exception cref="ArgumentException">The number is outside of [0, 0.5].</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.random_hue</c>.</remarks>
    public static Output RandomHue(this Graph graph, Operand image, double maxDelta, int? seed = null)
    {
        if (maxDelta > 0.5)
            throw new ArgumentException("max_delta must be <= 0.5.", nameof(maxDelta));
        return maxDelta >= 0
            ? graph.AdjustHue(image, graph.RandomUniform(NotebookPersist.Shape.Scalar, -maxDelta, maxDelta, seed: seed))
            : throw new ArgumentException("max_delta must be non-negative.", nameof(maxDelta));
    }

    /// <summary>Multiplies the saturation of images, by chance.</summary>
    /// <inheritdoc cref="RandomContrast"/>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [..., 3]. DType: integers, floats.</param>
    /// <param name="lower">Least factor, none negative.</param>
    /// <param name="upper">Above the largest factor.</param>
    /// <param name="seed">Makes the draws the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <remarks>Source: TensorFlow's <c>tf.image.random_saturation</c>.</remarks>
    public static Output RandomSaturation(this Graph graph, Operand image, double lower, double upper, int? seed = null) =>
        graph.AdjustSaturation(image, Factor(graph, lower, upper, seed));

    /// <summary>Gives each image the mean 0 and the variance 1.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [..., height, width, channels]. DType: integers, floats.</param>
    /// <returns>DType: that of the image, which makes little sense for integers.</returns>
    /// <exception cref="ArgumentException">It is no image.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.per_image_standardization</c>: the deviation is at least one over the root of the number of pixels.</remarks>
    public static Output PerImageStandardization(this Graph graph, Operand image)
    {
        ArgumentNullException.ThrowIfNull(graph);
        int[] axes = [-1, -2, -3];
        using NameScope scope = graph.NameScope("per_image_standardization");
        Output pixels = ImageChecks.Checked(graph, image);
        Output floats = AsFloats(graph, pixels);
        Output count = graph.ReduceProd(graph.Shape(floats)[^3..]);
        Output mean = graph.ReduceMean(floats, axes, keepDims: true);
        Output deviation = graph.Maximum(Deviation(graph, floats, axes), graph.Rsqrt(graph.Cast(count, floats.DType)));
        Output standard = graph.RealDivide(floats - mean, deviation, scope.Name);
        return graph.ConvertImageDtype(standard, pixels.DType, saturate: true);
    }

    private static Output Deviation(Graph graph, Output values, int[] axes)
    {
        using NameScope deviation = graph.NameScope("reduce_std");
        Output variance;
        using (graph.NameScope("reduce_variance"))
            variance = graph.ReduceMean(graph.Square(values - graph.ReduceMean(values, axes, keepDims: true)), axes, keepDims: true);
        return graph.Sqrt(variance);
    }

    private static Output Factor(Graph graph, double lower, double upper, int? seed)
    {
        if (!(upper > lower))
            throw new ArgumentException("upper must be > lower.", nameof(upper));
        return lower >= 0
            ? graph.RandomUniform(NotebookPersist.Shape.Scalar, lower, upper, seed: seed)
            : throw new ArgumentException("lower must be non-negative.", nameof(lower));
    }

    // The types that the kernels compute in stay as they are.
    private static Output AsFloats(Graph graph, Output pixels) =>
        pixels.DType is DType.Float16 or DType.Float32 ? pixels : graph.ConvertImageDtype(pixels, DType.Float32);
}
