namespace NotebookPersist;

/// <summary>What an operation can take: a symbolic value, a variable, or a plain value that becomes a constant node.</summary>
/// <remarks>
/// A number literal takes the element type that the operation wants, as in Python: <c>x + 10</c> adds a float32 10 to a float32 <c>x</c>,
/// and <c>5.0</c> alone is float32. Arrays and tensors keep their own type.
/// </remarks>
public readonly struct Operand
{
    private Operand(Output? output, Tensor? value, bool isLiteral) => (Output, Value, IsLiteral) = (output, value, isLiteral);

    /// <summary>The symbolic value; null where a plain one was given.</summary>
    public Output? Output { get; }

    /// <summary>The plain value; null where a symbolic one was given.</summary>
    public Tensor? Value { get; }

    /// <summary>True for a number that takes whatever type is wanted.</summary>
    public bool IsLiteral { get; }

    /// <summary>True where neither was given.</summary>
    public bool IsMissing => Output is null && Value is null;

    /// <summary>A symbolic value.</summary>
    public static implicit operator Operand(Output output) => new(output, null, false);

    /// <summary>The value of a variable.</summary>
    public static implicit operator Operand(Variable variable) => new(variable?.Value, null, false);

    /// <summary>A plain value of a type of its own.</summary>
    public static implicit operator Operand(Tensor value) => new(null, value, false);

    /// <summary>A number that takes the type wanted, float32 by itself.</summary>
    public static implicit operator Operand(double value) => new(null, value, true);

    /// <summary>A number that takes the type wanted, float32 by itself.</summary>
    public static implicit operator Operand(float value) => new(null, value, true);

    /// <summary>A number that takes the type wanted, int32 by itself.</summary>
    public static implicit operator Operand(int value) => new(null, value, true);

    /// <summary>A number that takes the type wanted, int64 by itself.</summary>
    public static implicit operator Operand(long value) => new(null, value, true);

    /// <summary>A bool.</summary>
    public static implicit operator Operand(bool value) => new(null, value, false);

    /// <summary>A string.</summary>
    public static implicit operator Operand(string value) => new(null, value, false);

    /// <summary>An array of any rank.</summary>
    public static implicit operator Operand(Array values) => new(null, values, false);

    /// <summary>The type that the operand has by itself.</summary>
    internal DType OwnType => Output is not null ? Output.DType : IsLiteral && Value!.DType == DType.Float64 ? DType.Float32 : Value?.DType ?? DType.Invalid;
}
