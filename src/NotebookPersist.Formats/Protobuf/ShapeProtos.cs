using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Shapes to and from their stored form.</summary>
public static class ShapeProtos
{
    /// <summary>The shape of a message; unknown where there is none.</summary>
    /// <exception cref="CheckpointFormatException">A size is below -1, or there are more dimensions than any tensor has.</exception>
    public static Shape ToShape(this TensorShapeProto? proto)
    {
        if (proto is null || proto.UnknownRank)
            return Shape.Unknown;
        if (proto.Dim.Count > 254)
            throw new CheckpointFormatException($"A shape of {proto.Dim.Count} dimensions was found; tensors have at most 254.", CheckpointFault.BadMessage, "a shape message");
        long[] sizes = new long[proto.Dim.Count];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = proto.Dim[i].Size >= -1
                ? proto.Dim[i].Size
                : throw new CheckpointFormatException($"Dimension {i} of a shape has size {proto.Dim[i].Size}; sizes are -1 (unknown) or more.", CheckpointFault.BadMessage, "a shape message");
        }

        return sizes;
    }

    /// <summary>The stored form of a shape.</summary>
    public static TensorShapeProto ToProto(this Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var proto = new TensorShapeProto { UnknownRank = !shape.HasRank };
        if (shape.HasRank)
            proto.Dim.AddRange(shape.Select(static d => new TensorShapeProto.Types.Dim { Size = d }));
        return proto;
    }
}
