namespace NotebookPersist;

/// <summary>Element type of a tensor; the numbers are those of TensorFlow's DataType.</summary>
public enum DType
{
    /// <summary>No type: not yet known, or not set.</summary>
    Invalid = 0,

    /// <summary>32-bit IEEE 754 float.</summary>
    Float32 = 1,

    /// <summary>64-bit IEEE 754 float.</summary>
    Float64 = 2,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 3,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8 = 4,

    /// <summary>16-bit signed integer.</summary>
    Int16 = 5,

    /// <summary>8-bit signed integer.</summary>
    Int8 = 6,

    /// <summary>Byte string of any length.</summary>
    String = 7,

    /// <summary>Complex number of two 32-bit floats.</summary>
    Complex64 = 8,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 9,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 10,

    /// <summary>Quantized 8-bit signed integer.</summary>
    QInt8 = 11,

    /// <summary>Quantized 8-bit unsigned integer.</summary>
    QUInt8 = 12,

    /// <summary>Quantized 32-bit signed integer.</summary>
    QInt32 = 13,

    /// <summary>Upper half of a 32-bit float.</summary>
    BFloat16 = 14,

    /// <summary>Quantized 16-bit signed integer.</summary>
    QInt16 = 15,

    /// <summary>Quantized 16-bit unsigned integer.</summary>
    QUInt16 = 16,

    /// <summary>16-bit unsigned integer.</summary>
    UInt16 = 17,

    /// <summary>Complex number of two 64-bit floats.</summary>
    Complex128 = 18,

    /// <summary>16-bit IEEE 754 float.</summary>
    Float16 = 19,

    /// <summary>Handle of a resource that lives in a session.</summary>
    Resource = 20,

    /// <summary>Value of a type that only the program knows.</summary>
    Variant = 21,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32 = 22,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64 = 23,
}
