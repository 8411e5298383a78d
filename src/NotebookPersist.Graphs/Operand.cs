using System.Runtime.CompilerServices;

namespace NotebookPersist;

/// <summary>What an operation can take: a symbolic value, a variable, or a plain value that becomes a constant node.</summary>
/// <remarks>
/// A number literal takes the element type that the operation wants, as in Python: <c>x + 10</c> adds a float32 10 to a float32 <c>x</c>,
/// and <c>5.0</c> alone is float32. Arrays and tensors keep their own type. Lists are written as in Python: <c>tf.Reshape(x, [-1, 28, 28, 1])</c>,
/// <c>tf.Constant([[1.0, 2.0], [3.0, 4.0]])</c>; symbolic values among their elements are stacked by a node.
/// </remarks>
[CollectionBuilder(typeof(Operand), nameof(Create))]
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

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Operand(List<float> values) => new(null, values, false);

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Operand(List<double> values) => new(null, values, false);

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Operand(List<int> values) => new(null, values, false);

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Operand(List<long> values) => new(null, values, false);

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Operand(List<bool> values) => new(null, values, false);

    /// <summary>A vector of a list's elements.</summary>
    public static implicit operator Operand(List<string> values) => new(null, values, false);

    /// <summary>A list of elements of one shape.</summary>
    /// <param name="values">Plain ones become a plain value: of numbers a vector, which takes the type wanted as each number would, of lists a matrix.
    /// With a symbolic one among them a node "packed" stacks them.</param>
    /// <exception cref="ArgumentException">The elements have several shapes, or types that do not go together.</exception>
    public static Operand Create(ReadOnlySpan<Operand> values)
    {
        Operand[] all = values.ToArray();
        if (Array.Find(all, static v => v.Output is not null).Output is { } symbolic)
            return symbolic.Graph.Stack(all, name: "packed");
        return new(null, PackOp.Joined(all, "a list"), Array.TrueForAll(all, static v => v.IsLiteral));
    }

    /// <summary>The elements of a plain list of numbers, each a number that takes the type wanted.</summary>
    /// <exception cref="InvalidOperationException">The operand is no plain list of numbers.</exception>
    public IEnumerator<Operand> GetEnumerator()
    {
        if (Value is not { Rank: 1 } list || !(list.DType.IsFloating() || list.DType.IsInteger()))
            throw new InvalidOperationException("Only a plain list of numbers has elements to go through. Of a symbolic value take rows with tf.Unstack.");
        for (int i = 0; i < list.Count; i++)
            yield return list.DType.IsInteger() ? list.ItemAt<long>(i) : list.ItemAt<double>(i);
    }

    /// <summary>The type that the operand has by itself.</summary>
    internal DType OwnType => Output is not null ? Output.DType : IsLiteral && Value!.DType == DType.Float64 ? DType.Float32 : Value?.DType ?? DType.Invalid;
}
