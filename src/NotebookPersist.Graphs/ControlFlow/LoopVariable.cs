namespace NotebookPersist;

/// <summary>What a loop or a conditional carries: a value, or a <see cref="TensorArray"/> by what flows through it.</summary>
public readonly struct LoopVariable
{
    private LoopVariable(Operand value, TensorArray? array) => (Value, Array) = (value, array);

    /// <summary>The value; missing for an array.</summary>
    public Operand Value { get; }

    /// <summary>The array; null for a value.</summary>
    public TensorArray? Array { get; }

    /// <summary>A symbolic value.</summary>
    public static implicit operator LoopVariable(Output value) => new(value, null);

    /// <summary>A plain or symbolic value.</summary>
    public static implicit operator LoopVariable(Operand value) => new(value, null);

    /// <summary>An array.</summary>
    public static implicit operator LoopVariable(TensorArray array) => new(default, array);

    /// <summary>The symbolic value.</summary>
    /// <exception cref="InvalidOperationException">It is an array.</exception>
    public static implicit operator Output(LoopVariable variable) => variable.Value.Output
        ?? throw new InvalidOperationException("A TensorArray was taken for a value; read it with ToArray().");

    /// <summary>The array.</summary>
    /// <exception cref="InvalidOperationException">It is a value.</exception>
    public static implicit operator TensorArray(LoopVariable variable) => variable.Array
        ?? throw new InvalidOperationException("A value was taken for a TensorArray.");
}
