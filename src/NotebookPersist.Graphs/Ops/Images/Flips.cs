namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Mirrors images left to right.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.flip_left_right</c>.</remarks>
    public static Output FlipLeftRight(this Graph graph, Operand image) => Flip(graph, image, 1, "flip_left_right");

    /// <summary>Mirrors images upside down.</summary>
    /// <inheritdoc cref="FlipLeftRight"/>
    /// <remarks>Source: TensorFlow's <c>tf.image.flip_up_down</c>.</remarks>
    public static Output FlipUpDown(this Graph graph, Operand image) => Flip(graph, image, 0, "flip_up_down");

    /// <summary>Mirrors each image left to right or leaves it, by chance.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="seed">Makes the choices the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.random_flip_left_right</c>.</remarks>
    public static Output RandomFlipLeftRight(this Graph graph, Operand image, int? seed = null) => RandomFlip(graph, image, 1, seed, "random_flip_left_right");

    /// <summary>Mirrors each image upside down or leaves it, by chance.</summary>
    /// <inheritdoc cref="RandomFlipLeftRight"/>
    /// <remarks>Source: TensorFlow's <c>tf.image.random_flip_up_down</c>.</remarks>
    public static Output RandomFlipUpDown(this Graph graph, Operand image, int? seed = null) => RandomFlip(graph, image, 0, seed, "random_flip_up_down");

    /// <summary>Turns images by quarters of a turn, counter-clockwise.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="k">How many quarters. Shape: []. DType: int32.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">It is no image, or k no scalar.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.rot90</c>.</remarks>
    public static Output Rot90(this Graph graph, Operand image, Operand k = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "rot90");
        Output images = ImageChecks.Checked(graph, image);
        Output turns = graph.Convert(k.IsMissing ? 1 : k, DType.Int32, "k");
        if (turns.Shape.HasRank && turns.Shape.Rank != 0)
            throw new ArgumentException($"k must be a scalar. It has shape {turns.Shape.ToPythonString()}.", nameof(k));
        turns = graph.FloorMod(turns, 4);
        int first = ImageChecks.IsSingle(images) ? 0 : 1;
        int[] exchanged = first == 0 ? [1, 0, 2] : [0, 2, 1, 3];
        (Output Pred, Func<Output> Fn)[] cases =
        [
            (graph.Equal(turns, 1), () => graph.Transpose(graph.Reverse(images, new[] { first + 1 }), exchanged)),
            (graph.Equal(turns, 2), () => graph.Reverse(images, new[] { first, first + 1 })),
            (graph.Equal(turns, 3), () => graph.Reverse(graph.Transpose(images, exchanged), new[] { first + 1 })),
        ];
        Output result = graph.Case(cases, () => images, exclusive: true, name: scope.Name);
        Shape known = images.Shape;
        result.SetShape(first == 0 ? [-1, -1, known.HasRank ? known[2] : -1] : [known[0], -1, -1, known[3]]);
        return result;
    }

    /// <summary>Exchanges the height and the width of images.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Shape: [height, width, channels], or a batch of such.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.transpose_image</c>.</remarks>
    public static Output TransposeImage(this Graph graph, Operand image, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "transpose");
        Output images = ImageChecks.Checked(graph, image);
        return graph.Transpose(images, ImageChecks.IsSingle(images) ? new[] { 1, 0, 2 } : new[] { 0, 2, 1, 3 }, name: name);
    }

    private static Output Flip(Graph graph, Operand image, int axis, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name);
        Output images = ImageChecks.Checked(graph, image);
        return ImageChecks.IsSingle(images) ? OfImageShape(images, graph.Reverse(images, new[] { axis })) : graph.Reverse(images, new[] { axis + 1 });
    }

    private static Output RandomFlip(Graph graph, Operand image, int axis, int? seed, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name);
        Output images = ImageChecks.Checked(graph, image);
        if (ImageChecks.IsSingle(images))
        {
            Output flips = graph.Less(graph.RandomUniform(NotebookPersist.Shape.Scalar, 0, 1.0, seed: seed), 0.5);
            return OfImageShape(images, graph.Cond(flips, () => graph.Reverse(images, new[] { axis }), () => images, scope.Name));
        }

        // Each image of a batch has a choice of its own: 1 for its mirror image, 0 for itself.
        Output count = graph.Shape(images)[0];
        Output chances = graph.RandomUniform(graph.Stack([count], name: "random_uniform/shape"), 0, 1.0, seed: seed);
        Output choices = graph.Cast(graph.Round(graph.Reshape(chances, graph.Stack([count, 1, 1, 1], name: "Reshape/shape"))), images.DType);
        return (choices * graph.Reverse(images, new[] { axis + 1 })) + ((1 - choices) * images);
    }

    private static Output OfImageShape(Output image, Output result)
    {
        result.SetShape(image.Shape.HasRank ? image.Shape : NotebookPersist.Shape.OfRank(3));
        return result;
    }
}
