using System.Globalization;
using System.Numerics;
using System.Text;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Numbers as text.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Numbers or bools.</param>
    /// <param name="precision">Digits after the point, floats only; by default 6.</param>
    /// <param name="scientific">Whether floats have an exponent.</param>
    /// <param name="shortest">Whether floats take the shorter of both forms.</param>
    /// <param name="width">Least number of characters.</param>
    /// <param name="fill">"0", " ", "+" or "-", as in C.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "AsString".</remarks>
    public static Output AsString(
        this Graph graph, Operand input, int precision = -1, bool scientific = false, bool shortest = false, int width = -1, string fill = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<AsStringOp>(
            name,
            new AttributeList { { "precision", precision }, { "scientific", scientific }, { "shortest", shortest }, { "width", width }, { "fill", fill } },
            input);
    }
}

internal sealed class AsStringOp() : Op(
    "AsString(input: T) -> (output: string) where T: int8 | int16 | int32 | int64 | complex64 | complex128 | float | double | bool + half | bfloat16 | uint8 | uint16 | uint32 | uint64, precision: int = -1, scientific: bool = false, shortest: bool = false, width: int = -1, fill: string = ''")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        bool scientific = c.Attributes.Bool("scientific");
        bool shortest = c.Attributes.Bool("shortest");
        string fill = c.Attributes.String("fill");
        int precision = (int)c.Attributes.Int("precision");
        bool isFloat = input.DType.IsFloating() || input.DType.IsComplex();
        if (!isFloat && (scientific || shortest))
            throw c.InvalidArgument($"scientific and shortest format not supported for datatype {input.DType.SignatureName()}");
        if (!isFloat && precision >= 0)
            throw c.InvalidArgument($"precision not supported for datatype {input.DType.SignatureName()}");
        if (scientific && shortest)
            throw c.InvalidArgument("Cannot select both scientific and shortest notation");
        if (fill.Length > 1)
            throw c.InvalidArgument("Fill string must be one or fewer characters");
        if (fill.Length == 1 && fill is not (" " or "+" or "-" or "0" or "#"))
            throw c.InvalidArgument($"Fill argument not supported: \"{fill}\"");

        byte[][] texts = new byte[input.Count][];
        for (int i = 0; i < texts.Length; i++)
        {
            Interruption.Check();
            texts[i] = Encoding.UTF8.GetBytes(Text(i));
        }

        c.Output(0, Tensor.OfStrings(input.Shape, texts));

        string Text(int i) => input.DType switch
        {
            DType.Bool => input.Data<bool>()[i] ? "true" : "false",
            DType.Complex64 => Pair(input.Data<Complex64>()[i]),
            DType.Complex128 => Pair(input.Data<Complex>()[i]),
            DType.Float32 or DType.Float64 => Float(input.ItemAt<double>(i)),
            _ => Padded(input.ItemAt<long>(i).ToString(CultureInfo.InvariantCulture)),
        };

        string Pair(Complex value) => $"({Float(value.Real)},{Float(value.Imaginary)})";

        string Float(double value)
        {
            int digits = precision < 0 ? 6 : precision;
            return Padded(shortest ? CFormat.General(value, digits) : scientific ? CFormat.Scientific(value, digits) : CFormat.Fixed(value, digits));
        }

        string Padded(string number) => CFormat.Pad(number, (int)c.Attributes.Int("width"), fill);
    }
}
