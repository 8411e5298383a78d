using System.Globalization;
using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Numbers that strings spell.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="stringTensor">Strings; white space at either end does not matter.</param>
    /// <param name="outType">float32, float64, int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StringToNumber".</remarks>
    public static Output StringToNumber(this Graph graph, Operand stringTensor, DType outType = DType.Float32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringToNumberOp>(name, new AttributeList { { "out_type", outType } }, stringTensor);
    }
}

internal sealed class StringToNumberOp() : Op(
    "StringToNumber(string_tensor: string) -> (output: out_type) where out_type: float | double | int32 | int64 = float")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        ReadOnlySpan<byte[]> strings = c.Input(0).Strings;
        Tensor output = c.AllocateOutput(0, c.Input(0).Shape);
        for (int i = 0; i < strings.Length; i++)
        {
            string text = Encoding.UTF8.GetString(strings[i]);
            if (!TryRead(text.Trim(), output, i))
                throw c.InvalidArgument($"StringToNumberOp could not correctly convert string: {text}");
        }
    }

    private static bool TryRead(string text, Tensor target, int i)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        switch (target.DType)
        {
            case DType.Int32:
                return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out target.MutableData<int>()[i]);
            case DType.Int64:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out target.MutableData<long>()[i]);
            case DType.Float32:
                bool isFloat = float.TryParse(text, NumberStyles.Float, culture, out float single) || TryNamed(text, out single);
                target.MutableData<float>()[i] = single;
                return isFloat;
            default:
                if (!double.TryParse(text, NumberStyles.Float, culture, out double value))
                {
                    if (!TryNamed(text, out float named))
                        return false;
                    value = named;
                }

                target.MutableData<double>()[i] = value;
                return true;
        }
    }

    private static bool TryNamed(string text, out float value)
    {
        value = text.ToLowerInvariant() switch
        {
            "inf" or "+inf" or "infinity" or "+infinity" => float.PositiveInfinity,
            "-inf" or "-infinity" => float.NegativeInfinity,
            "nan" or "+nan" or "-nan" => float.NaN,
            _ => 0,
        };
        return value != 0;
    }
}
