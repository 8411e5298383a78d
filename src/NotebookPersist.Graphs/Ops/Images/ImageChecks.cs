namespace NotebookPersist;

/// <summary>What TensorFlow's functions on images ask of their arguments: looked at once where shapes are known, in the run where not.</summary>
internal static class ImageChecks
{
    /// <summary>Checks that a value is an image or a batch of images without an empty side.</summary>
    /// <returns>What is to be looked at in the run.</returns>
    /// <exception cref="ArgumentException">The shape is known, and is none of an image.</exception>
    public static List<Operation> AtLeast3D(Output image)
    {
        Shape shape = image.Shape;
        if (shape.HasRank && shape.Rank < 3)
            throw new ArgumentException($"'image' must be at least three-dimensional. '{image.Name}' has shape {shape.ToPythonString()}.", nameof(image));
        if (shape.HasRank && shape.Dimensions.Contains(0))
            throw new ArgumentException($"all dims of 'image.shape' must be > 0: {shape.ToPythonString()}", nameof(image));
        if (shape.IsFullyKnown)
            return [];
        Graph graph = image.Graph;
        return
        [
            graph.AssertPositive(graph.Shape(image), "all dims of 'image.shape' must be > 0."),
            graph.AssertGreaterEqual(graph.Rank(image), 3, "'image' must be at least three-dimensional."),
        ];
    }

    /// <summary>Checks that the last dimension holds one channel.</summary>
    /// <inheritdoc cref="AtLeast3D"/>
    public static List<Operation> Grayscale(Output image)
    {
        Shape shape = image.Shape;
        if (shape.HasRank && shape.Rank < 2)
            throw new ArgumentException($"A grayscale image must be at least two-dimensional. '{image.Name}' has shape {shape.ToPythonString()}.", nameof(image));
        if (shape.IsFullyKnown)
            return shape[^1] == 1 ? [] : throw new ArgumentException($"Last dimension of a grayscale image should be size 1. '{image.Name}' has shape {shape.ToPythonString()}.", nameof(image));
        Graph graph = image.Graph;
        return
        [
            graph.AssertEqual(graph.Shape(image)[^1], 1, "Last dimension of a grayscale image should be size 1."),
            graph.AssertGreaterEqual(graph.Rank(image), 3, "A grayscale image must be at least two-dimensional."),
        ];
    }

    /// <summary>Checks that two images are of one size, and their batches go together.</summary>
    /// <inheritdoc cref="AtLeast3D"/>
    public static (Output First, Output Second, List<Operation> Checks) SameSize(Output first, Output second)
    {
        (Shape a, Shape b) = (first.Shape, second.Shape);
        bool fit = (!a.HasRank || a.Rank >= 3) && (!b.HasRank || b.Rank >= 3);
        for (int i = 1; fit && a.HasRank && b.HasRank && i <= Math.Min(a.Rank, b.Rank); i++)
            fit = a[^i] == b[^i] || a[^i] < 0 || b[^i] < 0 || (i > 3 && (a[^i] == 1 || b[^i] == 1));
        if (!fit)
            throw new ArgumentException($"Two images are not compatible: {a.ToPythonString()} and {b.ToPythonString()}. They need the same height, width and channels.", nameof(second));
        Graph graph = first.Graph;
        IReadOnlyList<Output> shapes = graph.ShapeN([first, second]);
        (Output x, Output y) = (shapes[0], shapes[1]);
        return (x, y,
        [
            graph.Assert(graph.GreaterEqual(graph.Size(x), 3), [x, y], 10),
            graph.Assert(graph.ReduceAll(graph.Equal(x[^3..], y[^3..])), [x, y], 10),
        ]);
    }

    /// <summary>The image itself, once the checks have passed.</summary>
    public static Output After(IEnumerable<Operation> checks, Output value)
    {
        Graph graph = value.Graph;
        using NameScope scope = graph.NameScope("control_dependency");
        using (graph.ColocateWith(value.Operation))
        using (graph.ControlDependencies([.. checks]))
            return graph.Identity(value, scope.Name);
    }

    /// <summary>An image that is checked to be one.</summary>
    public static Output Checked(Graph graph, Operand image)
    {
        Output value = graph.Convert(image, name: "image");
        return After(AtLeast3D(value), value);
    }

    /// <summary>True for one image, or one of a rank not known; false for a batch.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static bool IsSingle(Output image) => !image.Shape.HasRank || image.Shape.Rank == 3 || (image.Shape.Rank == 4
        ? false
        : throw new ArgumentException($"'image' must have either 3 or 4 dimensions. '{image.Name}' has shape {image.Shape.ToPythonString()}.", nameof(image)));

    /// <summary>A batch of images: the one given, or a batch of the image given.</summary>
    public static (Output Images, bool IsBatch) Batch(Graph graph, Operand image)
    {
        Output value = graph.Convert(image, name: "image");
        if (!IsSingle(value))
            return (value, true);
        Output images = graph.ExpandDims(value, 0);
        images.SetShape(Shape.OfRank(4));
        return (images, false);
    }

    /// <summary>What <see cref="Batch"/> was given again.</summary>
    public static Output Unbatch(Output images, bool isBatch) => isBatch ? images : images.Graph.Squeeze(images, [0]);
}
