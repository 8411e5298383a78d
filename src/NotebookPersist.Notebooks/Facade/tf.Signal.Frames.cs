namespace NotebookPersist;

public static partial class tf
{
    public static partial class Signal
    {
        /// <inheritdoc cref="GraphOps.Frame(Graph, Operand, int, int, bool, Operand, string)"/>
        public static Output Frame(Operand signal, int frameLength, int frameStep, bool padEnd = false, Operand padValue = default, string? name = null) =>
            Graph.Frame(signal, frameLength, frameStep, padEnd, padValue, name);

        /// <inheritdoc cref="GraphOps.OverlapAndAdd(Graph, Operand, int, string)"/>
        public static Output OverlapAndAdd(Operand signal, int frameStep, string? name = null) => Graph.OverlapAndAdd(signal, frameStep, name);

        /// <inheritdoc cref="GraphOps.HannWindow(Graph, int, bool, DType, string)"/>
        public static Output HannWindow(int windowLength, bool periodic = true, DType dtype = DType.Float32, string? name = null) =>
            Graph.HannWindow(windowLength, periodic, dtype, name);

        /// <inheritdoc cref="GraphOps.HammingWindow(Graph, int, bool, DType, string)"/>
        public static Output HammingWindow(int windowLength, bool periodic = true, DType dtype = DType.Float32, string? name = null) =>
            Graph.HammingWindow(windowLength, periodic, dtype, name);

        /// <inheritdoc cref="GraphOps.InverseStftWindow(Graph, int, Func{int, DType, Output})"/>
        public static Func<int, DType, Output> InverseStftWindow(int frameStep, Func<int, DType, Output>? forwardWindow = null) =>
            Graph.InverseStftWindow(frameStep, forwardWindow);

        /// <inheritdoc cref="GraphOps.Stft(Graph, Operand, int, int, int?, Func{int, DType, Output}, bool, string)"/>
        public static Output Stft(Operand signals, int frameLength, int frameStep, int? fftLength = null, Func<int, DType, Output>? window = null, bool padEnd = false, string? name = null) =>
            Graph.Stft(signals, frameLength, frameStep, fftLength, window, padEnd, name);

        /// <inheritdoc cref="GraphOps.InverseStft(Graph, Operand, int, int, int?, Func{int, DType, Output}, string)"/>
        public static Output InverseStft(Operand stfts, int frameLength, int frameStep, int? fftLength = null, Func<int, DType, Output>? window = null, string? name = null) =>
            Graph.InverseStft(stfts, frameLength, frameStep, fftLength, window, name);

        /// <inheritdoc cref="GraphOps.Dct(Graph, Operand, int, bool, string)"/>
        public static Output Dct(Operand input, int type = 2, bool orthonormal = false, string? name = null) =>
            Graph.Dct(input, type, orthonormal, name);

        /// <inheritdoc cref="GraphOps.Idct(Graph, Operand, int, bool, string)"/>
        public static Output Idct(Operand input, int type = 2, bool orthonormal = false, string? name = null) =>
            Graph.Idct(input, type, orthonormal, name);

        /// <inheritdoc cref="GraphOps.LinearToMelWeightMatrix(Graph, int, int, double, double, double, DType, string)"/>
        public static Output LinearToMelWeightMatrix(int melBins = 20, int spectrogramBins = 129, double sampleRate = 8000, double lowerEdgeHertz = 125, double upperEdgeHertz = 3800, DType dtype = DType.Float32, string? name = null) =>
            Graph.LinearToMelWeightMatrix(melBins, spectrogramBins, sampleRate, lowerEdgeHertz, upperEdgeHertz, dtype, name);

        /// <inheritdoc cref="GraphOps.MfccsFromLogMelSpectrograms(Graph, Operand, string)"/>
        public static Output MfccsFromLogMelSpectrograms(Operand logMelSpectrograms, string? name = null) =>
            Graph.MfccsFromLogMelSpectrograms(logMelSpectrograms, name);

        /// <inheritdoc cref="GraphOps.FftShift(Graph, Operand, Axes, string)"/>
        public static Output FftShift(Operand x, Axes axes = default, string? name = null) => Graph.FftShift(x, axes, name);

        /// <inheritdoc cref="GraphOps.IfftShift(Graph, Operand, Axes, string)"/>
        public static Output IfftShift(Operand x, Axes axes = default, string? name = null) => Graph.IfftShift(x, axes, name);
    }
}
