namespace NotebookPersist;

public static partial class tf
{
    public static partial class Image
    {
        /// <inheritdoc cref="GraphOps.DecodeJpeg(Graph, Operand, int, int, bool, bool, float, string, string)"/>
        public static Output DecodeJpeg(
            Operand contents,
            int channels = 0,
            int ratio = 1,
            bool fancyUpscaling = true,
            bool tryRecoverTruncated = false,
            float acceptableFraction = 1,
            string dctMethod = "",
            string? name = null) => Graph.DecodeJpeg(contents, channels, ratio, fancyUpscaling, tryRecoverTruncated, acceptableFraction, dctMethod, name);

        /// <inheritdoc cref="GraphOps.EncodeJpeg(Graph, Operand, string, int, bool, bool, bool, string)"/>
        public static Output EncodeJpeg(
            Operand image,
            string format = "",
            int quality = 95,
            bool progressive = false,
            bool optimizeSize = false,
            bool chromaDownsampling = true,
            string? name = null) => Graph.EncodeJpeg(image, format, quality, progressive, optimizeSize, chromaDownsampling, name);

        /// <inheritdoc cref="GraphOps.ExtractJpegShape(Graph, Operand, DType, string)"/>
        public static Output ExtractJpegShape(Operand contents, DType outputType = DType.Int32, string? name = null) => Graph.ExtractJpegShape(contents, outputType, name);
    }
}
