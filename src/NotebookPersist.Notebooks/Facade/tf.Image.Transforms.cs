namespace NotebookPersist;

public static partial class tf
{
    public static partial class Image
    {
        /// <inheritdoc cref="GraphOps.AdjustBrightness"/>
        public static Output AdjustBrightness(Operand image, Operand delta) => Graph.AdjustBrightness(image, delta);

        /// <inheritdoc cref="GraphOps.AdjustGamma"/>
        public static Output AdjustGamma(Operand image, Operand gamma = default, Operand gain = default) => Graph.AdjustGamma(image, gamma, gain);

        /// <inheritdoc cref="GraphOps.CentralCrop"/>
        public static Output CentralCrop(Operand image, double centralFraction) => Graph.CentralCrop(image, centralFraction);

        /// <inheritdoc cref="GraphOps.ConvertImageDtype"/>
        public static Output ConvertImageDtype(Operand image, DType dtype, bool saturate = false, string? name = null) =>
            Graph.ConvertImageDtype(image, dtype, saturate, name);

        /// <inheritdoc cref="GraphOps.CropToBoundingBox"/>
        public static Output CropToBoundingBox(Operand image, Operand offsetHeight, Operand offsetWidth, Operand targetHeight, Operand targetWidth) =>
            Graph.CropToBoundingBox(image, offsetHeight, offsetWidth, targetHeight, targetWidth);

        /// <inheritdoc cref="GraphOps.DecodeBmp"/>
        public static Output DecodeBmp(Operand contents, int channels = 0, string? name = null) => Graph.DecodeBmp(contents, channels, name);

        /// <inheritdoc cref="GraphOps.DecodeGif"/>
        public static Output DecodeGif(Operand contents, string? name = null) => Graph.DecodeGif(contents, name);

        /// <inheritdoc cref="GraphOps.DecodeImage"/>
        public static Output DecodeImage(Operand contents, int? channels = null, DType dtype = DType.UInt8, string? name = null, bool expandAnimations = true) =>
            Graph.DecodeImage(contents, channels, dtype, name, expandAnimations);

        /// <inheritdoc cref="GraphOps.ExtractImagePatches"/>
        public static Output ExtractImagePatches(
            Operand images,
            IReadOnlyList<int> ksizes,
            IReadOnlyList<int> strides,
            IReadOnlyList<int> rates,
            string padding,
            string? name = null) =>
            Graph.ExtractImagePatches(images, ksizes, strides, rates, padding, name);

        /// <inheritdoc cref="GraphOps.FlipLeftRight"/>
        public static Output FlipLeftRight(Operand image) => Graph.FlipLeftRight(image);

        /// <inheritdoc cref="GraphOps.FlipUpDown"/>
        public static Output FlipUpDown(Operand image) => Graph.FlipUpDown(image);

        /// <inheritdoc cref="GraphOps.GrayscaleToRgb"/>
        public static Output GrayscaleToRgb(Operand images, string? name = null) => Graph.GrayscaleToRgb(images, name);

        /// <inheritdoc cref="GraphOps.ImageGradients"/>
        public static (Output Dy, Output Dx) ImageGradients(Operand image) => Graph.ImageGradients(image);

        /// <inheritdoc cref="GraphOps.IsJpeg"/>
        public static Output IsJpeg(Operand contents, string? name = null) => Graph.IsJpeg(contents, name);

        /// <inheritdoc cref="GraphOps.NonMaxSuppressionOverlaps"/>
        public static Output NonMaxSuppressionOverlaps(
            Operand overlaps,
            Operand scores,
            Operand maxOutputSize,
            float overlapThreshold = 0.5f,
            float scoreThreshold = float.NegativeInfinity,
            string? name = null) =>
            Graph.NonMaxSuppressionOverlaps(overlaps, scores, maxOutputSize, overlapThreshold, scoreThreshold, name);

        /// <inheritdoc cref="GraphOps.NonMaxSuppressionPadded"/>
        public static (Output SelectedIndices, Output ValidOutputs) NonMaxSuppressionPadded(
            Operand boxes,
            Operand scores,
            Operand maxOutputSize,
            float iouThreshold = 0.5f,
            float scoreThreshold = float.NegativeInfinity,
            bool padToMaxOutputSize = false,
            string? name = null) =>
            Graph.NonMaxSuppressionPadded(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, padToMaxOutputSize, name);

        /// <inheritdoc cref="GraphOps.NonMaxSuppressionWithScores"/>
        public static (Output SelectedIndices, Output SelectedScores) NonMaxSuppressionWithScores(
            Operand boxes,
            Operand scores,
            Operand maxOutputSize,
            float iouThreshold = 0.5f,
            float scoreThreshold = float.NegativeInfinity,
            float softNmsSigma = 0,
            string? name = null) =>
            Graph.NonMaxSuppressionWithScores(boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma, name);

        /// <inheritdoc cref="GraphOps.PadToBoundingBox"/>
        public static Output PadToBoundingBox(Operand image, Operand offsetHeight, Operand offsetWidth, Operand targetHeight, Operand targetWidth) =>
            Graph.PadToBoundingBox(image, offsetHeight, offsetWidth, targetHeight, targetWidth);

        /// <inheritdoc cref="GraphOps.PerImageStandardization"/>
        public static Output PerImageStandardization(Operand image) => Graph.PerImageStandardization(image);

        /// <inheritdoc cref="GraphOps.Psnr"/>
        public static Output Psnr(Operand a, Operand b, Operand maxVal, string? name = null) => Graph.Psnr(a, b, maxVal, name);

        /// <inheritdoc cref="GraphOps.RandomBrightness"/>
        public static Output RandomBrightness(Operand image, double maxDelta, int? seed = null) => Graph.RandomBrightness(image, maxDelta, seed);

        /// <inheritdoc cref="GraphOps.RandomContrast"/>
        public static Output RandomContrast(Operand image, double lower, double upper, int? seed = null) => Graph.RandomContrast(image, lower, upper, seed);

        /// <inheritdoc cref="GraphOps.RandomFlipLeftRight"/>
        public static Output RandomFlipLeftRight(Operand image, int? seed = null) => Graph.RandomFlipLeftRight(image, seed);

        /// <inheritdoc cref="GraphOps.RandomFlipUpDown"/>
        public static Output RandomFlipUpDown(Operand image, int? seed = null) => Graph.RandomFlipUpDown(image, seed);

        /// <inheritdoc cref="GraphOps.RandomHue"/>
        public static Output RandomHue(Operand image, double maxDelta, int? seed = null) => Graph.RandomHue(image, maxDelta, seed);

        /// <inheritdoc cref="GraphOps.RandomSaturation"/>
        public static Output RandomSaturation(Operand image, double lower, double upper, int? seed = null) => Graph.RandomSaturation(image, lower, upper, seed);

        /// <inheritdoc cref="GraphOps.ResizeImages"/>
        public static Output Resize(
            Operand images,
            Operand size,
            NotebookPersist.ResizeMethod method = NotebookPersist.ResizeMethod.Bilinear,
            bool alignCorners = false,
            bool preserveAspectRatio = false,
            string? name = null) =>
            Graph.ResizeImages(images, size, method, alignCorners, preserveAspectRatio, name);

        /// <inheritdoc cref="GraphOps.ResizeBilinear"/>
        public static Output ResizeBilinear(Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
            Graph.ResizeBilinear(images, size, alignCorners, halfPixelCenters, name);

        /// <inheritdoc cref="GraphOps.ResizeImageWithCropOrPad"/>
        public static Output ResizeImageWithCropOrPad(Operand image, Operand targetHeight, Operand targetWidth) =>
            Graph.ResizeImageWithCropOrPad(image, targetHeight, targetWidth);

        /// <inheritdoc cref="GraphOps.ResizeImageWithPad"/>
        public static Output ResizeImageWithPad(
            Operand image,
            Operand targetHeight,
            Operand targetWidth,
            NotebookPersist.ResizeMethod method = NotebookPersist.ResizeMethod.Bilinear,
            bool alignCorners = false) =>
            Graph.ResizeImageWithPad(image, targetHeight, targetWidth, method, alignCorners);

        /// <inheritdoc cref="GraphOps.ResizeImages"/>
        public static Output ResizeImages(
            Operand images,
            Operand size,
            NotebookPersist.ResizeMethod method = NotebookPersist.ResizeMethod.Bilinear,
            bool alignCorners = false,
            bool preserveAspectRatio = false,
            string? name = null) =>
            Graph.ResizeImages(images, size, method, alignCorners, preserveAspectRatio, name);

        /// <inheritdoc cref="GraphOps.ResizeNearestNeighbor"/>
        public static Output ResizeNearestNeighbor(Operand images, Operand size, bool alignCorners = false, bool halfPixelCenters = false, string? name = null) =>
            Graph.ResizeNearestNeighbor(images, size, alignCorners, halfPixelCenters, name);

        /// <inheritdoc cref="GraphOps.ResizeImageWithCropOrPad"/>
        public static Output ResizeWithCropOrPad(Operand image, Operand targetHeight, Operand targetWidth) =>
            Graph.ResizeImageWithCropOrPad(image, targetHeight, targetWidth);

        /// <inheritdoc cref="GraphOps.RgbToGrayscale"/>
        public static Output RgbToGrayscale(Operand images, string? name = null) => Graph.RgbToGrayscale(images, name);

        /// <inheritdoc cref="GraphOps.RgbToYiq"/>
        public static Output RgbToYiq(Operand images) => Graph.RgbToYiq(images);

        /// <inheritdoc cref="GraphOps.RgbToYuv"/>
        public static Output RgbToYuv(Operand images) => Graph.RgbToYuv(images);

        /// <inheritdoc cref="GraphOps.Rot90"/>
        public static Output Rot90(Operand image, Operand k = default, string? name = null) => Graph.Rot90(image, k, name);

        /// <inheritdoc cref="GraphOps.SampleDistortedBoundingBox"/>
        public static (Output Begin, Output Size, Output Bboxes) SampleDistortedBoundingBox(
            Operand imageSize,
            Operand boundingBoxes,
            int? seed = null,
            int? seed2 = null,
            Operand minObjectCovered = default,
            IReadOnlyList<float>? aspectRatioRange = null,
            IReadOnlyList<float>? areaRange = null,
            int? maxAttempts = null,
            bool? useImageIfNoBoundingBoxes = null,
            string? name = null) =>
            Graph.SampleDistortedBoundingBox(imageSize, boundingBoxes, seed, seed2, minObjectCovered, aspectRatioRange, areaRange, maxAttempts, useImageIfNoBoundingBoxes, name);

        /// <inheritdoc cref="GraphOps.SobelEdges"/>
        public static Output SobelEdges(Operand image) => Graph.SobelEdges(image);

        /// <inheritdoc cref="GraphOps.Ssim"/>
        public static Output Ssim(Operand img1, Operand img2, Operand maxVal, int filterSize = 11, double filterSigma = 1.5, double k1 = 0.01, double k2 = 0.03) =>
            Graph.Ssim(img1, img2, maxVal, filterSize, filterSigma, k1, k2);

        /// <inheritdoc cref="GraphOps.SsimMultiscale"/>
        public static Output SsimMultiscale(
            Operand img1,
            Operand img2,
            Operand maxVal,
            IReadOnlyList<float>? powerFactors = null,
            int filterSize = 11,
            double filterSigma = 1.5,
            double k1 = 0.01,
            double k2 = 0.03) =>
            Graph.SsimMultiscale(img1, img2, maxVal, powerFactors, filterSize, filterSigma, k1, k2);

        /// <inheritdoc cref="GraphOps.TotalVariation"/>
        public static Output TotalVariation(Operand images, string? name = null) => Graph.TotalVariation(images, name);

        /// <inheritdoc cref="GraphOps.TransposeImage"/>
        public static Output Transpose(Operand image, string? name = null) => Graph.TransposeImage(image, name);

        /// <inheritdoc cref="GraphOps.TransposeImage"/>
        public static Output TransposeImage(Operand image, string? name = null) => Graph.TransposeImage(image, name);

        /// <inheritdoc cref="GraphOps.YiqToRgb"/>
        public static Output YiqToRgb(Operand images) => Graph.YiqToRgb(images);

        /// <inheritdoc cref="GraphOps.YuvToRgb"/>
        public static Output YuvToRgb(Operand images) => Graph.YuvToRgb(images);

        /// <inheritdoc cref="NotebookPersist.ResizeMethod"/>
        public static class ResizeMethod
        {
            /// <inheritdoc cref="NotebookPersist.ResizeMethod.Bilinear"/>
            public const NotebookPersist.ResizeMethod Bilinear = NotebookPersist.ResizeMethod.Bilinear;

            /// <inheritdoc cref="NotebookPersist.ResizeMethod.NearestNeighbor"/>
            public const NotebookPersist.ResizeMethod NearestNeighbor = NotebookPersist.ResizeMethod.NearestNeighbor;

            /// <inheritdoc cref="NotebookPersist.ResizeMethod.Bicubic"/>
            public const NotebookPersist.ResizeMethod Bicubic = NotebookPersist.ResizeMethod.Bicubic;

            /// <inheritdoc cref="NotebookPersist.ResizeMethod.Area"/>
            public const NotebookPersist.ResizeMethod Area = NotebookPersist.ResizeMethod.Area;
        }
    }
}
