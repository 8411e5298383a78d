namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Files and messages, in the default graph: those of <see cref="tf"/> under the names of TensorFlow's own module.</summary>
    public static partial class Io
    {
        /// <inheritdoc cref="tf.DecodeBase64(Operand, string)"/>
        public static Output DecodeBase64(Operand input, string? name = null) => tf.DecodeBase64(input, name);

        /// <inheritdoc cref="tf.Image.DecodeBmp(Operand, int, string)"/>
        public static Output DecodeBmp(Operand contents, int channels = 0, string? name = null) => tf.Image.DecodeBmp(contents, channels, name);

        /// <inheritdoc cref="tf.DecodeCompressed(Operand, string, string)"/>
        public static Output DecodeCompressed(Operand bytes, string compressionType = "", string? name = null) =>
            tf.DecodeCompressed(bytes, compressionType, name);

        /// <inheritdoc cref="tf.DecodeCsv(Operand, ReadOnlySpan{Operand}, string, bool, string, IReadOnlyList{int}, string)"/>
        public static IReadOnlyList<Output> DecodeCsv(Operand records, ReadOnlySpan<Operand> recordDefaults, string fieldDelim = ",", bool useQuoteDelim = true, string naValue = "", IReadOnlyList<int>? selectCols = null, string? name = null) =>
            tf.DecodeCsv(records, recordDefaults, fieldDelim, useQuoteDelim, naValue, selectCols, name);

        /// <inheritdoc cref="tf.Image.DecodeGif(Operand, string)"/>
        public static Output DecodeGif(Operand contents, string? name = null) => tf.Image.DecodeGif(contents, name);

        /// <inheritdoc cref="tf.Image.DecodeImage(Operand, int?, DType, string, bool)"/>
        public static Output DecodeImage(Operand contents, int? channels = null, DType dtype = DType.UInt8, string? name = null, bool expandAnimations = true) =>
            tf.Image.DecodeImage(contents, channels, dtype, name, expandAnimations);

        /// <inheritdoc cref="tf.Image.DecodeJpeg(Operand, int, int, bool, bool, float, string, string)"/>
        public static Output DecodeJpeg(Operand contents, int channels = 0, int ratio = 1, bool fancyUpscaling = true, bool tryRecoverTruncated = false, float acceptableFraction = 1, string dctMethod = "", string? name = null) =>
            tf.Image.DecodeJpeg(contents, channels, ratio, fancyUpscaling, tryRecoverTruncated, acceptableFraction, dctMethod, name);

        /// <inheritdoc cref="tf.Image.DecodePng(Operand, int, DType, string)"/>
        public static Output DecodePng(Operand contents, int channels = 0, DType dtype = DType.UInt8, string? name = null) =>
            tf.Image.DecodePng(contents, channels, dtype, name);

        /// <inheritdoc cref="tf.DecodeRaw(Operand, DType, bool, string)"/>
        public static Output DecodeRaw(Operand inputBytes, DType outType, bool littleEndian = true, string? name = null) =>
            tf.DecodeRaw(inputBytes, outType, littleEndian, name);

        /// <inheritdoc cref="tf.EncodeBase64(Operand, bool, string)"/>
        public static Output EncodeBase64(Operand input, bool pad = false, string? name = null) => tf.EncodeBase64(input, pad, name);

        /// <inheritdoc cref="tf.Image.EncodeJpeg(Operand, string, int, bool, bool, bool, string)"/>
        public static Output EncodeJpeg(Operand image, string format = "", int quality = 95, bool progressive = false, bool optimizeSize = false, bool chromaDownsampling = true, string? name = null) =>
            tf.Image.EncodeJpeg(image, format, quality, progressive, optimizeSize, chromaDownsampling, name);

        /// <inheritdoc cref="tf.Image.ExtractJpegShape(Operand, DType, string)"/>
        public static Output ExtractJpegShape(Operand contents, DType outputType = DType.Int32, string? name = null) =>
            tf.Image.ExtractJpegShape(contents, outputType, name);

        /// <inheritdoc cref="tf.Image.IsJpeg(Operand, string)"/>
        public static Output IsJpeg(Operand contents, string? name = null) => tf.Image.IsJpeg(contents, name);

        /// <inheritdoc cref="tf.MatchingFiles(Operand, string)"/>
        public static Output MatchingFiles(Operand pattern, string? name = null) => tf.MatchingFiles(pattern, name);

        /// <inheritdoc cref="tf.ParseExample(Operand, IReadOnlyDictionary{string, ExampleFeature}, Operand, string)"/>
        public static (IReadOnlyDictionary<string, Output> Dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> Sparse) ParseExample(Operand serialized, IReadOnlyDictionary<string, ExampleFeature> features, Operand exampleNames = default, string? name = null) =>
            tf.ParseExample(serialized, features, exampleNames, name);

        /// <inheritdoc cref="tf.ParseSingleExample(Operand, IReadOnlyDictionary{string, ExampleFeature}, string)"/>
        public static (IReadOnlyDictionary<string, Output> Dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> Sparse) ParseSingleExample(Operand serialized, IReadOnlyDictionary<string, ExampleFeature> features, string? name = null) =>
            tf.ParseSingleExample(serialized, features, name);

        /// <inheritdoc cref="tf.ParseTensor(Operand, DType, string)"/>
        public static Output ParseTensor(Operand serialized, DType outType, string? name = null) => tf.ParseTensor(serialized, outType, name);

        /// <inheritdoc cref="tf.ReadFile(Operand, string)"/>
        public static Output ReadFile(Operand filename, string? name = null) => tf.ReadFile(filename, name);

        /// <inheritdoc cref="tf.SerializeTensor(Operand, string)"/>
        public static Output SerializeTensor(Operand tensor, string? name = null) => tf.SerializeTensor(tensor, name);

        /// <inheritdoc cref="tf.WriteFile(Operand, Operand, string)"/>
        public static Operation WriteFile(Operand filename, Operand contents, string? name = null) => tf.WriteFile(filename, contents, name);
    }
}
