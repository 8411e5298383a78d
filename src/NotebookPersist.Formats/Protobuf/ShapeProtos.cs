using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Shapes to and from TensorFlow's message.</summary>
public static class ShapeProtos
{
    /// <summary>The shape that a message tells, with unknown sizes and rank as they are; unknown where there is no message.</summary>
    /// <param name="proto">The message or null.</param>
    /// <param name="path">Where it came from, for messages.</param>
    /// <exception cref="CheckpointFormatException">A size is below -1, or there are more than 254 dimensions.</exception>
    public static Shape ToShape(this TensorShapeProto? proto, string path = "a message")
    {
        if (proto is null || proto.UnknownRank)
            return Shape.Unknown;
        if (proto.Dim.Count > Shape.MaxRank)
        {
            throw new CheckpointFormatException(
                $"Cannot read a shape in '{path}': it has {proto.Dim.Count} dimensions where {Shape.MaxRank} are the most.", CheckpointFault.LimitExceeded, path);
        }

        Span<long> sizes = stackalloc long[proto.Dim.Count];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = proto.Dim[i].Size;
            if (sizes[i] < -1)
            {
                throw new CheckpointFormatException(
                    $"Cannot read a shape in '{path}': dimension {i} has size {sizes[i]}.", CheckpointFault.BadStructure, path);
            }
        }

        return Shape.Create(sizes);
    }

    /// <summary>The message for a shape, with -1 for unknown sizes.</summary>
    public static TensorShapeProto ToProto(this Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        TensorShapeProto proto = new();
        if (!shape.HasRank)
        {
            proto.UnknownRank = true;
            return proto;
        }

        foreach (long size in shape.Dimensions)
            proto.Dim.Add(new TensorShapeProto.Types.Dim { Size = size });
        return proto;
    }

    /// <summary>The shape of a value: fully known, and its element count fits 63 bits.</summary>
    /// <param name="proto">The message; null is refused.</param>
    /// <param name="tensor">Name of what has the shape, for messages; null where it has none.</param>
    /// <param name="path">Where it came from.</param>
    internal static Shape ToConcreteShape(TensorShapeProto? proto, string? tensor, string path)
    {
        Shape shape = proto.ToShape(path);
        if (!shape.IsFullyKnown)
        {
            throw new CheckpointFormatException(
                $"Cannot read {What(tensor)} in '{path}': its shape {shape} is not fully known.", CheckpointFault.BadStructure, path);
        }

        Int128 count = 1;
        foreach (long size in shape.Dimensions)
        {
            count = size == 0 ? 0 : count * size;
            if (count > long.MaxValue)
            {
                throw new CheckpointFormatException(
                    $"Cannot read {What(tensor)} in '{path}': the element count of its shape {shape} does not fit 63 bits.", CheckpointFault.LimitExceeded, path);
            }
        }

        return shape;
    }

    private static string What(string? tensor) => tensor is null ? "a tensor" : $"tensor '{tensor}'";
}
