using System.Text;

namespace NotebookPersist.Tests.Formats;

/// <summary>A tensor of every type that has a fixed size, and awkward names and shapes.</summary>
internal static class SampleTensors
{
    public static Tensor OfType(DType dtype, params long[] sizes)
    {
        Tensor tensor = Tensor.Uninitialized(dtype, Shape.Create(sizes));
        Span<byte> bytes = tensor.MutableBytes;
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = dtype == DType.Bool ? (byte)(i % 2) : (byte)(37 * i + 11);
        return tensor;
    }

    public static Dictionary<string, Tensor> Named(IEnumerable<DType> types)
    {
        Dictionary<string, Tensor> tensors = types.ToDictionary(static t => $"scope/{t.Name()}", static t => OfType(t, 2, 3), StringComparer.Ordinal);
        tensors.Add("scalar", Tensor.Scalar(0.5f));
        tensors.Add("empty", Tensor.Zeros(DType.Float32, new long[] { 3, 0, 2 }));
        tensors.Add("größe/\U0001F600 \"quoted\" \\ \t", Tensor.Of<int>(new long[] { 1 }, [7]));
        tensors.Add("größe/\uFFFD", Tensor.Of<int>(new long[] { 1 }, [8]));
        return tensors;
    }

    public static Tensor Strings(params string[] texts) => Tensor.OfStrings(new long[] { texts.Length }, [.. texts.Select(Encoding.UTF8.GetBytes)]);
}
