namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Fourier transforms, in the default graph.</summary>
    public static partial class Signal
    {
        /// <inheritdoc cref="GraphOps.Fft(Graph, Operand, string)"/>
        public static Output Fft(Operand input, string? name = null) => Graph.Fft(input, name);

        /// <inheritdoc cref="GraphOps.Fft2D(Graph, Operand, string)"/>
        public static Output Fft2D(Operand input, string? name = null) => Graph.Fft2D(input, name);

        /// <inheritdoc cref="GraphOps.Fft3D(Graph, Operand, string)"/>
        public static Output Fft3D(Operand input, string? name = null) => Graph.Fft3D(input, name);

        /// <inheritdoc cref="GraphOps.Ifft(Graph, Operand, string)"/>
        public static Output Ifft(Operand input, string? name = null) => Graph.Ifft(input, name);

        /// <inheritdoc cref="GraphOps.Ifft2D(Graph, Operand, string)"/>
        public static Output Ifft2D(Operand input, string? name = null) => Graph.Ifft2D(input, name);

        /// <inheritdoc cref="GraphOps.Ifft3D(Graph, Operand, string)"/>
        public static Output Ifft3D(Operand input, string? name = null) => Graph.Ifft3D(input, name);

        /// <inheritdoc cref="GraphOps.Irfft(Graph, Operand, Operand, string)"/>
        public static Output Irfft(Operand input, Operand length, string? name = null) => Graph.Irfft(input, length, name);

        /// <inheritdoc cref="GraphOps.Irfft2D(Graph, Operand, Operand, string)"/>
        public static Output Irfft2D(Operand input, Operand length, string? name = null) => Graph.Irfft2D(input, length, name);

        /// <inheritdoc cref="GraphOps.Irfft3D(Graph, Operand, Operand, string)"/>
        public static Output Irfft3D(Operand input, Operand length, string? name = null) => Graph.Irfft3D(input, length, name);

        /// <inheritdoc cref="GraphOps.Rfft(Graph, Operand, Operand, string)"/>
        public static Output Rfft(Operand input, Operand length, string? name = null) => Graph.Rfft(input, length, name);

        /// <inheritdoc cref="GraphOps.Rfft2D(Graph, Operand, Operand, string)"/>
        public static Output Rfft2D(Operand input, Operand length, string? name = null) => Graph.Rfft2D(input, length, name);

        /// <inheritdoc cref="GraphOps.Rfft3D(Graph, Operand, Operand, string)"/>
        public static Output Rfft3D(Operand input, Operand length, string? name = null) => Graph.Rfft3D(input, length, name);
    }
}
