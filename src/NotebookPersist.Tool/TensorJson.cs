using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NotebookPersist.Tool.Json;

namespace NotebookPersist.Tool;

/// <summary>Tensors as JSON: type, shape, and values flat in row-major order.</summary>
internal static class TensorJson
{
    /// <summary>Written readable, not-a-number and infinities as the strings that .NET reads back.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonObject Of(Tensor tensor) => new()
    {
        ["dtype"] = tensor.DType.Name(),
        ["shape"] = Of(tensor.Shape),
        ["values"] = Values(tensor),
    };

    public static JsonNode? Of(Shape shape) => shape.HasRank ? new JsonArray([.. shape.Select(static d => (JsonNode)d)]) : null;

    public static JsonArray Values(Tensor tensor)
    {
        var values = new JsonArray();
        for (int i = 0; i < tensor.Count; i++)
            values.Add(Value(tensor, i));
        return values;
    }

    private static JsonNode? Value(Tensor tensor, int i) => tensor.DType switch
    {
        DType.Float32 => JsonText.Of(tensor.Data<float>()[i]),
        DType.Float64 => JsonText.Of(tensor.Data<double>()[i]),
        DType.Float16 => JsonText.Of((float)tensor.Data<Half>()[i]),
        DType.BFloat16 => JsonText.Of((float)tensor.Data<BFloat16>()[i]),
        DType.Bool => tensor.Data<bool>()[i],
        DType.String => Encoding.UTF8.GetString(tensor.Strings[i]), // What is no UTF-8 becomes U+FFFD.
        DType.UInt64 => tensor.Data<ulong>()[i],
        DType.Complex64 => new JsonArray(JsonText.Of(tensor.Data<Complex64>()[i].Real), JsonText.Of(tensor.Data<Complex64>()[i].Imaginary)),
        DType.Complex128 => new JsonArray(JsonText.Of(tensor.Data<System.Numerics.Complex>()[i].Real), JsonText.Of(tensor.Data<System.Numerics.Complex>()[i].Imaginary)),
        DType.Resource or DType.Variant => tensor.Objects[i]?.ToString(),
        _ => tensor.ItemAt<long>(i),
    };
}
