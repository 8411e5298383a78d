using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Complex numbers of real and imaginary parts.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="real">DType: float32 or float64.</param>
    /// <param name="imaginary">DType: that of <paramref name="real"/>. Shape: broadcasts with that of <paramref name="real"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: complex64 or complex128.</returns>
    /// <remarks>Source: TensorFlow op "Complex".</remarks>
    public static Output Complex(this Graph graph, Output real, Output imaginary, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(real);
        return graph.Add<ComplexOp>(name, new AttributeList { { "Tout", real.DType == DType.Float64 ? DType.Complex128 : DType.Complex64 } }, real, imaginary);
    }

    /// <summary>The real part, element by element; a real input itself.</summary>
    /// <remarks>Source: TensorFlow op "Real".</remarks>
    public static Output Real(this Graph graph, Output input, string? name = null) => OfComplex<RealOp>(graph, input, name);

    /// <summary>The imaginary part of complex numbers, element by element.</summary>
    /// <remarks>Source: TensorFlow op "Imag".</remarks>
    public static Output Imaginary(this Graph graph, Output input, string? name = null) => OfComplex<ImagOp>(graph, input, name);

    /// <summary>The angle of complex numbers from the real axis, element by element.</summary>
    /// <returns>Unit: radians.</returns>
    /// <remarks>Source: TensorFlow op "Angle".</remarks>
    public static Output Angle(this Graph graph, Output input, string? name = null) => OfComplex<AngleOp>(graph, input, name);

    /// <summary>The magnitude of complex numbers, element by element.</summary>
    /// <remarks>Source: TensorFlow op "ComplexAbs".</remarks>
    public static Output ComplexAbs(this Graph graph, Output x, string? name = null) => OfComplex<ComplexAbsOp>(graph, x, name);

    private static Output OfComplex<TOp>(Graph graph, Output input, string? name)
        where TOp : Op
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.DType.IsComplex()
            ? graph.Add<TOp>(name, new AttributeList { { "Tout", input.DType == DType.Complex128 ? DType.Float64 : DType.Float32 } }, input)
            : input;
    }
}

internal sealed class ComplexOp() : BinaryOp("Complex(real: T, imag: T) -> (out: Tout) where T: float | double = float, Tout: complex64 | complex128 = complex64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var broadcast = BroadcastGradient.Plain(g.X(0), g.X(1));
        Output real = broadcast.ToX(g.Graph.Real(g.Dy(0)));
        return [real, broadcast.ToY(g.Graph.Imaginary(g.Dy(0)))];
    });

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).DType == DType.Float64)
        {
            RunInto<double, Complex>(c, static (x, y, z) =>
            {
                for (int i = 0; i < z.Length; i++)
                    z[i] = new Complex(x[i], y[i]);
            });
        }
        else
        {
            RunInto<float, Complex64>(c, static (x, y, z) =>
            {
                for (int i = 0; i < z.Length; i++)
                    z[i] = new Complex64(x[i], y[i]);
            });
        }
    }
}

/// <summary>An operation that makes a real number of each complex one.</summary>
internal abstract class ComplexPartOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor x = c.Input(0);
        Tensor y = c.AllocateOutput(0, x.Shape);
        if (x.DType == DType.Complex128)
        {
            ElementwiseLoops.Unary<Complex, double>(x, y, (from, to) =>
            {
                for (int i = 0; i < from.Length; i++)
                    to[i] = Part(from[i]);
            }, c.Workers);
        }
        else
        {
            ElementwiseLoops.Unary<Complex64, float>(x, y, (from, to) =>
            {
                for (int i = 0; i < from.Length; i++)
                    to[i] = (float)Part(from[i]);
            }, c.Workers);
        }
    }

    protected abstract double Part(Complex x);

    protected static Output Zero(GradientContext g) => g.Graph.Constant(0.0, g.Dy(0).DType);
}

internal sealed class RealOp() : ComplexPartOp("Real(input: T) -> (output: Tout) where T: complex64 | complex128 = complex64, Tout: float | double = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Complex(g.Dy(0), Zero(g))]);

    protected override double Part(Complex x) => x.Real;
}

internal sealed class ImagOp() : ComplexPartOp("Imag(input: T) -> (output: Tout) where T: complex64 | complex128 = complex64, Tout: float | double = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Complex(Zero(g), g.Dy(0))]);

    protected override double Part(Complex x) => x.Imaginary;
}

internal sealed class AngleOp() : ComplexPartOp("Angle(input: T) -> (output: Tout) where T: complex64 | complex128 = complex64, Tout: float | double = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output Part(string type) => g.Graph.AddOperation(type, null, new AttributeList { { "Tout", g.Dy(0).DType } }, g.X(0))[0];
        Output turned = g.Graph.Reciprocal(g.Graph.Complex(Part("Imag"), Part("Real")));
        return [-g.Graph.Complex(g.Dy(0), g.Graph.ZerosLike(g.Dy(0))) * turned];
    });

    protected override double Part(Complex x) => x.Phase;
}

internal sealed class ComplexAbsOp() : ComplexPartOp("ComplexAbs(x: T) -> (y: Tout) where T: complex64 | complex128 = complex64, Tout: float | double = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output magnitude = g.Graph.Complex(g.Dy(0), g.Graph.ZerosLike(g.Dy(0)));
        return [magnitude * g.Graph.Sign(g.X(0))];
    });

    protected override double Part(Complex x) => System.Numerics.Complex.Abs(x);
}
