namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Work on images, in the default graph.</summary>
    public static partial class Image
    {
        /// <inheritdoc cref="GraphOps.AdjustContrast(Graph, Operand, Operand, string)"/>
        public static Output AdjustContrast(Operand images, Operand contrastFactor, string? name = null) => Graph.AdjustContrast(images, contrastFactor, name);

        /// <inheritdoc cref="GraphOps.AdjustHue(Graph, Operand, Operand, string)"/>
        public static Output AdjustHue(Operand image, Operand delta, string? name = null) => Graph.AdjustHue(image, delta, name);

        /// <inheritdoc cref="GraphOps.AdjustSaturation(Graph, Operand, Operand, string)"/>
        public static Output AdjustSaturation(Operand image, Operand saturationFactor, string? name = null) => Graph.AdjustSaturation(image, saturationFactor, name);

        /// <inheritdoc cref="GraphOps.CombinedNonMaxSuppression(Graph, Operand, Operand, Operand, Operand, float, float, bool, bool, string)"/>
        public static (Output Boxes, Output Scores, Output Classes, Output Counts) CombinedNonMaxSuppression(
            Operand boxes, Operand scores, Operand maxOutputSizePerClass, Operand maxTotalSize, float iouThreshold = 0.5f, float scoreThreshold = float.NegativeInfinity, bool padPerClass = false, bool clipBoxes = true, string? name = null) =>
            Graph.CombinedNonMaxSuppression(boxes, scores, maxOutputSizePerClass, maxTotalSize, iouThreshold, scoreThreshold, padPerClass, clipBoxes, name);

        /// <inheritdoc cref="GraphOps.CropAndResize(Graph, Operand, Operand, Operand, Operand, string, float, string)"/>
        public static Output CropAndResize(Operand image, Operand boxes, Operand boxIndices, Operand cropSize, string method = "bilinear", float extrapolationValue = 0, string? name = null) =>
            Graph.CropAndResize(image, boxes, boxIndices, cropSize, method, extrapolationValue, name);

        /// <inheritdoc cref="GraphOps.DecodePng(Graph, Operand, int, DType, string)"/>
        public static Output DecodePng(Operand contents, int channels = 0, DType dtype = DType.UInt8, string? name = null) => Graph.DecodePng(contents, channels, dtype, name);

        /// <inheritdoc cref="GraphOps.DrawBoundingBoxes(Graph, Operand, Operand, Operand, string)"/>
        public static Output DrawBoundingBoxes(Operand images, Operand boxes, Operand colors = default, string? name = null) => Graph.DrawBoundingBoxes(images, boxes, colors, name);

        /// <inheritdoc cref="GraphOps.EncodePng(Graph, Operand, int, string)"/>
        public static Output EncodePng(Operand image, int compression = -1, string? name = null) => Graph.EncodePng(image, compression, name);

        /// <inheritdoc cref="GraphOps.ExtractGlimpse(Graph, Operand, Operand, Operand, bool, bool, bool, string)"/>
        public static Output ExtractGlimpse(Operand input, Operand size, Operand offsets, bool centered = true, bool normalized = true, bool uniformNoise = true, string? name = null) =>
            Graph.ExtractGlimpse(input, size, offsets, centered, normalized, uniformNoise, name);

        /// <inheritdoc cref="GraphOps.HsvToRgb(Graph, Operand, string)"/>
        public static Output HsvToRgb(Operand images, string? name = null) => Graph.HsvToRgb(images, name);

        /// <inheritdoc cref="GraphOps.NonMaxSuppression(Graph, Operand, Operand, Operand, float, float, string)"/>
        public static Output NonMaxSuppression(Operand boxes, Operand scores, Operand maxOutputSize, float iouThreshold = 0.5f, float scoreThreshold = float.NegativeInfinity, string? name = null) =>
            Graph.NonMaxSuppression(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, name);

        /// <inheritdoc cref="GraphOps.ResizeArea(Graph, Operand, Operand, bool, string)"/>
        public static Output ResizeArea(Operand images, Operand size, bool alignCorners = false, string? name = null) => Graph.ResizeArea(images, size, alignCorners, name);

        /// <inheritdoc cref="GraphOps.ResizeBicubic(Graph, Operand, Operand, bool, bool, string)"/>
        public static Output ResizeBicubic(Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
            Graph.ResizeBicubic(images, size, alignCorners, halfPixelCenters, name);

        /// <inheritdoc cref="GraphOps.RgbToHsv(Graph, Operand, string)"/>
        public static Output RgbToHsv(Operand images, string? name = null) => Graph.RgbToHsv(images, name);
    }
}
