using System.Diagnostics.CodeAnalysis;
using NotebookPersist.Formats.Coding;

namespace NotebookPersist.Formats.SafeTensors;

/// <summary>What a safetensors file can hold: element types and names.</summary>
public static class SafeTensorTypes
{
    /// <summary>The key of the header that is no tensor.</summary>
    internal const string MetadataKey = "__metadata__";

    // In the order of the reference writer: larger alignment later, and so first in a file.
    private static readonly (string Name, DType DType)[] Ordered =
    [
        ("BOOL", DType.Bool),
        ("U8", DType.UInt8),
        ("I8", DType.Int8),
        ("I16", DType.Int16),
        ("U16", DType.UInt16),
        ("F16", DType.Float16),
        ("BF16", DType.BFloat16),
        ("I32", DType.Int32),
        ("U32", DType.UInt32),
        ("F32", DType.Float32),
        ("C64", DType.Complex64),
        ("F64", DType.Float64),
        ("I64", DType.Int64),
        ("U64", DType.UInt64),
    ];

    /// <summary>Why a tensor cannot be written, or null where it can: strings, quantized types and complex128 have no form, names must be UTF-8.</summary>
    public static string? WhyNot(string name, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Rank(dtype) < 0)
            return $"the format has no type for {dtype.Name()}";
        if (name == MetadataKey)
            return "the format keeps this name for itself";
        return TensorName.IsText(name) ? null : "its name is not valid UTF-8";
    }

    /// <summary>Where the reference writer puts a type; the highest comes first. Negative for a type that the format does not have.</summary>
    internal static int Rank(DType dtype) => Array.FindIndex(Ordered, t => t.DType == dtype);

    /// <summary>The format's name of a type that it has.</summary>
    internal static string NameOf(DType dtype) => Ordered[Rank(dtype)].Name;

    /// <summary>The type of a name in a file.</summary>
    internal static bool TryParse(string name, [NotNullWhen(true)] out DType? dtype)
    {
        int i = Array.FindIndex(Ordered, t => t.Name == name);
        dtype = i < 0 ? null : Ordered[i].DType;
        return dtype is not null;
    }
}
