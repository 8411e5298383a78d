namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The discrete Fourier transform over the innermost dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n]. DType: complex64, complex128.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "FFT".</remarks>
    public static Output Fft(this Graph graph, Operand input, string? name = null) => graph.Add<FFTOp>(name, input);

    /// <summary>The inverse discrete Fourier transform over the innermost dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n]. DType: complex64, complex128.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "IFFT".</remarks>
    public static Output Ifft(this Graph graph, Operand input, string? name = null) => graph.Add<IFFTOp>(name, input);

    /// <summary>The discrete Fourier transform over the innermost two dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., m, n]. DType: complex64, complex128.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "FFT2D".</remarks>
    public static Output Fft2D(this Graph graph, Operand input, string? name = null) => graph.Add<FFT2DOp>(name, input);

    /// <summary>The inverse discrete Fourier transform over the innermost two dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., m, n]. DType: complex64, complex128.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "IFFT2D".</remarks>
    public static Output Ifft2D(this Graph graph, Operand input, string? name = null) => graph.Add<IFFT2DOp>(name, input);

    /// <summary>The discrete Fourier transform over the innermost three dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., l, m, n]. DType: complex64, complex128.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "FFT3D".</remarks>
    public static Output Fft3D(this Graph graph, Operand input, string? name = null) => graph.Add<FFT3DOp>(name, input);

    /// <summary>The inverse discrete Fourier transform over the innermost three dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., l, m, n]. DType: complex64, complex128.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "IFFT3D".</remarks>
    public static Output Ifft3D(this Graph graph, Operand input, string? name = null) => graph.Add<IFFT3DOp>(name, input);
}

internal sealed class FFTOp() : ComplexFourierOp("FFT(input: Tcomplex) -> (output: Tcomplex) where Tcomplex: complex64 | complex128 = complex64", 1, inverse: false, "IFFT");

internal sealed class BatchFFTOp() : ComplexFourierOp("BatchFFT(input: complex64) -> (output: complex64)", 1, inverse: false, "IFFT");

internal sealed class IFFTOp() : ComplexFourierOp("IFFT(input: Tcomplex) -> (output: Tcomplex) where Tcomplex: complex64 | complex128 = complex64", 1, inverse: true, "FFT");

internal sealed class BatchIFFTOp() : ComplexFourierOp("BatchIFFT(input: complex64) -> (output: complex64)", 1, inverse: true, "FFT");

internal sealed class FFT2DOp() : ComplexFourierOp("FFT2D(input: Tcomplex) -> (output: Tcomplex) where Tcomplex: complex64 | complex128 = complex64", 2, inverse: false, "IFFT2D");

internal sealed class BatchFFT2DOp() : ComplexFourierOp("BatchFFT2D(input: complex64) -> (output: complex64)", 2, inverse: false, "IFFT2D");

internal sealed class IFFT2DOp() : ComplexFourierOp("IFFT2D(input: Tcomplex) -> (output: Tcomplex) where Tcomplex: complex64 | complex128 = complex64", 2, inverse: true, "FFT2D");

internal sealed class BatchIFFT2DOp() : ComplexFourierOp("BatchIFFT2D(input: complex64) -> (output: complex64)", 2, inverse: true, "FFT2D");

internal sealed class FFT3DOp() : ComplexFourierOp("FFT3D(input: Tcomplex) -> (output: Tcomplex) where Tcomplex: complex64 | complex128 = complex64", 3, inverse: false, "IFFT3D");

internal sealed class BatchFFT3DOp() : ComplexFourierOp("BatchFFT3D(input: complex64) -> (output: complex64)", 3, inverse: false, "IFFT3D");

internal sealed class IFFT3DOp() : ComplexFourierOp("IFFT3D(input: Tcomplex) -> (output: Tcomplex) where Tcomplex: complex64 | complex128 = complex64", 3, inverse: true, "FFT3D");

internal sealed class BatchIFFT3DOp() : ComplexFourierOp("BatchIFFT3D(input: complex64) -> (output: complex64)", 3, inverse: true, "FFT3D");
