namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The sum of the differences of neighbouring pixels: how noisy images are.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels], or [height, width, channels]. DType: numbers.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [batch], or [].</returns>
    /// <exception cref="ArgumentException">The shape is another one, or not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.total_variation</c>.</remarks>
    public static Output TotalVariation(this Graph graph, Operand images, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "total_variation");
        Output x = graph.Convert(images, name: "images");
        if (x.Shape.Rank is not (3 or 4))
            throw new ArgumentException($"'images' must be either 3 or 4-dimensional. '{x.Name}' has shape {x.Shape.ToPythonString()}.", nameof(images));
        bool single = x.Shape.Rank == 3;
        Output down = single ? x[1.., .., ..] - x[..^1, .., ..] : x[.., 1.., .., ..] - x[.., ..^1, .., ..];
        Output across = single ? x[.., 1.., ..] - x[.., ..^1, ..] : x[.., .., 1.., ..] - x[.., .., ..^1, ..];
        Operand axes = single ? default : (Operand)new[] { 1, 2, 3 };
        return graph.ReduceSum(graph.Abs(down), axes) + graph.ReduceSum(graph.Abs(across), axes);
    }

    /// <summary>The differences to the next pixel below and to the right.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [batch, height, width, channels]. DType: numbers.</param>
    /// <returns>Both of the shape of the image; 0 in the last row and in the last column.</returns>
    /// <exception cref="ArgumentException">The rank is another one.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.image_gradients</c>.</remarks>
    public static (Output Dy, Output Dx) ImageGradients(this Graph graph, Operand image)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output x = graph.Convert(image, name: "image");
        if (x.Shape.Rank != 4)
            throw new ArgumentException($"image_gradients expects a 4D tensor [batch_size, h, w, d], not {x.Shape.ToPythonString()}.", nameof(image));
        Output shape = graph.Shape(x);
        IReadOnlyList<Output> sizes = graph.Unstack(shape, 4);
        Output dy = x[.., 1.., .., ..] - x[.., ..^1, .., ..];
        Output dx = x[.., .., 1.., ..] - x[.., .., ..^1, ..];
        dy = graph.Concat([dy, graph.Zeros(graph.Stack([sizes[0], 1, sizes[2], sizes[3]]), x.DType)], 1);
        dy = graph.Reshape(dy, shape);
        dx = graph.Concat([dx, graph.Zeros(graph.Stack([sizes[0], sizes[1], 1, sizes[3]]), x.DType)], 2);
        return (dy, graph.Reshape(dx, shape));
    }

    /// <summary>How much brightness changes downwards and to the right, by Sobel's filters.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [batch, height, width, channels]; height and width at least 2. DType: floats.</param>
    /// <returns>Shape: [batch, height, width, channels, 2]: down, then right.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.sobel_edges</c>; the border is mirrored.</remarks>
    public static Output SobelEdges(this Graph graph, Operand image)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output x = graph.Convert(image, name: "image");
        Output shape = graph.Shape(x);

        // Each position has its weight in the filter that looks down and in the one that looks right.
        double[] weights = [-1, -1, -2, 0, -1, 1, 0, -2, 0, 0, 0, 2, 1, -1, 2, 0, 1, 1];
        Output kernels = graph.Constant(Tensor.Of<double>([3, 3, 1, 2], weights), x.DType);
        kernels = graph.Tile(kernels, graph.Stack([1, 1, shape[^1], 1], name: "sobel_filters/multiples"), "sobel_filters");
        Output padded = graph.Pad(x, Tensor.Of<int>([4, 2], [0, 0, 1, 1, 1, 1, 0, 0]), "REFLECT");
        Output edges = graph.DepthwiseConv2D(padded, kernels, [1, 1, 1, 1], "VALID");
        Output result = graph.Reshape(edges, graph.Concat([shape, new[] { 2 }], 0));
        if (x.Shape.HasRank)
            result.SetShape([.. x.Shape.Dimensions, 2]);
        return result;
    }
}
