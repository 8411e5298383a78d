namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The pixels of a JPEG, PNG, GIF or BMP file, whichever it is.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string.</param>
    /// <param name="channels">1 grey, 3 colours, 4 colours and alpha; null or 0 as the file has them.</param>
    /// <param name="dtype">Element type; other types than uint8 are scaled as by <see cref="ConvertImageDtype"/>.</param>
    /// <param name="name">Name scope.</param>
    /// <param name="expandAnimations">Whether all frames of a GIF are given, in a dimension of their own; else the first one.</param>
    /// <returns>Shape: not known; [height, width, channels], of a GIF [frames, height, width, 3].</returns>
    /// <exception cref="ArgumentException">There is no such number of channels.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.decode_image</c>: the first bytes tell which operation runs.</remarks>
    public static Output DecodeImage(this Graph graph, Operand contents, int? channels = null, DType dtype = DType.UInt8, string? name = null, bool expandAnimations = true)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "decode_image");
        int wanted = channels ?? 0;
        if (wanted is not (0 or 1 or 3 or 4))
            throw new ArgumentException($"channels must be in (None, 0, 1, 3, 4), not {channels}.", nameof(channels));
        Output file = graph.Convert(contents, DType.String, "contents");
        Output start = graph.Substr(file, 0, 3);
        return graph.Cond(graph.IsJpeg(file), Jpeg, () => graph.Cond(IsPng(), Png, () => graph.Cond(graph.Equal(start, "GIF", "is_gif"), Gif, Bmp, "cond_gif"), "cond_png"), "cond_jpeg");

        Output Jpeg()
        {
            Output fits = graph.NotEqual(graph.Constant(wanted), 4, "check_jpeg_channels");
            using (graph.ControlDependencies(graph.Assert(fits, ["Channels must be in (None, 0, 1, 3) when decoding JPEG images"])))
                return graph.ConvertImageDtype(graph.DecodeJpeg(file, wanted), dtype);
        }

        Output Png() => graph.ConvertImageDtype(graph.DecodePng(file, wanted, dtype == DType.UInt8 ? DType.UInt8 : DType.UInt16), dtype);

        Output Gif()
        {
            Output fits = graph.LogicalAnd(
                graph.NotEqual(graph.Constant(wanted), 1, "check_gif_channels"), graph.NotEqual(graph.Constant(wanted), 4, "check_gif_channels"));
            using (graph.ControlDependencies(graph.Assert(fits, ["Channels must be in (None, 0, 3) when decoding GIF images"])))
            {
                Output frames = graph.ConvertImageDtype(graph.DecodeGif(file), dtype);
                return expandAnimations ? frames : graph.Gather(frames, 0);
            }
        }

        Output Bmp()
        {
            Output isBmp = graph.Equal(graph.Substr(file, 0, 2), "BM", "is_bmp");
            Operation known = graph.Assert(isBmp, ["Unable to decode bytes as JPEG, PNG, GIF, or BMP"]);
            Output fits = graph.NotEqual(graph.Constant(wanted), 1, "check_channels");
            Operation sized = graph.Assert(fits, ["Channels must be in (None, 0, 3) when decoding BMP images"]);
            using (graph.ControlDependencies(known, sized))
                return graph.ConvertImageDtype(graph.DecodeBmp(file), dtype);
        }

        Output IsPng()
        {
            using NameScope png = graph.NameScope("is_png");
            return graph.Equal(graph.Substr(file, 0, 3), Bytes(0x89, (byte)'P', (byte)'N'), png.Name);
        }
    }

    /// <summary>Whether bytes begin as those of a JPEG file do.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="contents">The file's bytes: a scalar of type string.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <returns>Shape: []. DType: bool.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.is_jpeg</c>.</remarks>
    public static Output IsJpeg(this Graph graph, Operand contents, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "is_jpeg");
        return graph.Equal(graph.Substr(contents, 0, 3), Bytes(0xFF, 0xD8, 0xFF), scope.Name);
    }

    private static Tensor Bytes(params byte[] bytes) => Tensor.OfStrings(NotebookPersist.Shape.Scalar, [bytes]);
}
