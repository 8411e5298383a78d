namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Images of another element type, scaled so that the brightest stays the brightest: 1 for floats, the largest number for integers.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="image">Any shape. DType: integers, floats; floats in [0, 1].</param>
    /// <param name="dtype">The element type to get.</param>
    /// <param name="saturate">Whether what is too large or too small becomes the largest or smallest number.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <exception cref="ArgumentException">A type is neither integer nor float.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.convert_image_dtype</c>; floats become other floats unscaled.</remarks>
    public static Output ConvertImageDtype(this Graph graph, Operand image, DType dtype, bool saturate = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output pixels = graph.Convert(image, name: "image");
        if (!dtype.IsFloating() && !dtype.IsInteger())
            throw new ArgumentException($"dtype must be either floating point or integer, not {dtype.Name()}.", nameof(dtype));
        if (!pixels.DType.IsFloating() && !pixels.DType.IsInteger())
            throw new ArgumentException($"The image must be of floating point or integer type, not {pixels.DType.Name()}: '{pixels.Name}'. Cast it first.", nameof(image));
        if (dtype == pixels.DType)
            return graph.Identity(pixels, name);
        using NameScope scope = graph.NameScope(name ?? "convert_image");
        switch (pixels.DType.IsInteger(), dtype.IsInteger())
        {
            case (true, true):
                return Rescaled(graph, pixels, dtype, saturate, scope.Name);
            case (false, false):
                return graph.Cast(pixels, dtype, scope.Name);
            case (true, false):
                return graph.Multiply(graph.Cast(pixels, dtype), 1 / (double)Brightest(pixels.DType), scope.Name);
            default:
                // Half more than the largest number makes up for the cut of the cast.
                return To(graph, graph.Multiply(pixels, (double)Brightest(dtype) + 0.5), dtype, saturate, scope.Name);
        }
    }

    // Between integers; going there and back changes nothing.
    private static Output Rescaled(Graph graph, Output pixels, DType dtype, bool saturate, string name)
    {
        (Int128 from, Int128 to) = (Brightest(pixels.DType), Brightest(dtype));
        if (from > to)
            return To(graph, graph.FloorDivide(pixels, (long)((from + 1) / (to + 1)), "div"), dtype, saturate, name);
        return graph.Multiply(To(graph, pixels, dtype, saturate, null), (long)((to + 1) / (from + 1)), name);
    }

    private static Output To(Graph graph, Output value, DType dtype, bool saturate, string? name) =>
        saturate ? graph.SaturateCast(value, dtype, name) : graph.Cast(value, dtype, name);

    private static Int128 Brightest(DType type) => type switch
    {
        DType.UInt8 => byte.MaxValue,
        DType.Int8 => sbyte.MaxValue,
        DType.UInt16 => ushort.MaxValue,
        DType.Int16 => short.MaxValue,
        DType.UInt32 => uint.MaxValue,
        DType.Int32 => int.MaxValue,
        DType.UInt64 => ulong.MaxValue,
        DType.Int64 => long.MaxValue,
        _ => throw new ArgumentException($"{type.Name()} has no largest number.", nameof(type)),
    };
}
