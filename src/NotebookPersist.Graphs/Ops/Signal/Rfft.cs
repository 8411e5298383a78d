using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The Fourier transform of real numbers over the innermost dimension: the half of the spectrum that says all.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n]. DType: float32.</param>
    /// <param name="length">Sizes of the transformed dimensions. Shape: [1]. DType: int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "RFFT".</remarks>
    public static Output Rfft(this Graph graph, Operand input, Operand length, string? name = null) => graph.Add<RFFTOp>(name, input, length);

    /// <summary>The real numbers whose spectrum over the innermost dimension has this half.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n]. DType: complex64.</param>
    /// <param name="length">Sizes of the transformed dimensions. Shape: [1]. DType: int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "IRFFT".</remarks>
    public static Output Irfft(this Graph graph, Operand input, Operand length, string? name = null) => graph.Add<IRFFTOp>(name, input, length);

    /// <summary>The Fourier transform of real numbers over the innermost two dimensions: the half of the spectrum that says all.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., m, n]. DType: float32.</param>
    /// <param name="length">Sizes of the transformed dimensions. Shape: [2]. DType: int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "RFFT2D".</remarks>
    public static Output Rfft2D(this Graph graph, Operand input, Operand length, string? name = null) => graph.Add<RFFT2DOp>(name, input, length);

    /// <summary>The real numbers whose spectrum over the innermost two dimensions has this half.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., m, n]. DType: complex64.</param>
    /// <param name="length">Sizes of the transformed dimensions. Shape: [2]. DType: int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "IRFFT2D".</remarks>
    public static Output Irfft2D(this Graph graph, Operand input, Operand length, string? name = null) => graph.Add<IRFFT2DOp>(name, input, length);

    /// <summary>The Fourier transform of real numbers over the innermost three dimensions: the half of the spectrum that says all.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., l, m, n]. DType: float32.</param>
    /// <param name="length">Sizes of the transformed dimensions. Shape: [3]. DType: int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "RFFT3D".</remarks>
    public static Output Rfft3D(this Graph graph, Operand input, Operand length, string? name = null) => graph.Add<RFFT3DOp>(name, input, length);

    /// <summary>The real numbers whose spectrum over the innermost three dimensions has this half.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., l, m, n]. DType: complex64.</param>
    /// <param name="length">Sizes of the transformed dimensions. Shape: [3]. DType: int32.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "IRFFT3D".</remarks>
    public static Output Irfft3D(this Graph graph, Operand input, Operand length, string? name = null) => graph.Add<IRFFT3DOp>(name, input, length);
}

internal sealed class RFFTOp() : RealFourierOp("RFFT(input: float + Treal, fft_length: int32) -> (output: complex64 + Tcomplex)", 1, inverse: false)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [RealFourierGradients.OfForward(g, 1), null]);
}

internal sealed class IRFFTOp() : RealFourierOp("IRFFT(input: complex64 + Tcomplex, fft_length: int32) -> (output: float + Treal)", 1, inverse: true)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [RealFourierGradients.OfInverse(g, 1), null]);
}

internal sealed class RFFT2DOp() : RealFourierOp("RFFT2D(input: float + Treal, fft_length: int32) -> (output: complex64 + Tcomplex)", 2, inverse: false)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [RealFourierGradients.OfForward(g, 2), null]);
}

internal sealed class IRFFT2DOp() : RealFourierOp("IRFFT2D(input: complex64 + Tcomplex, fft_length: int32) -> (output: float + Treal)", 2, inverse: true)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [RealFourierGradients.OfInverse(g, 2), null]);
}

internal sealed class RFFT3DOp() : RealFourierOp("RFFT3D(input: float + Treal, fft_length: int32) -> (output: complex64 + Tcomplex)", 3, inverse: false)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it");
}

internal sealed class IRFFT3DOp() : RealFourierOp("IRFFT3D(input: complex64 + Tcomplex, fft_length: int32) -> (output: float + Treal)", 3, inverse: true)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it");
}
