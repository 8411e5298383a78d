namespace NotebookPersist;

public partial class Variable
{
    /// <summary>A part of the value, as Python writes it: <c>w[0]</c>, <c>w[1..^1]</c>.</summary>
    /// <inheritdoc cref="Output.this[ReadOnlySpan{SliceIndex}]"/>
    public Output this[params ReadOnlySpan<SliceIndex> entries] => Value[entries];

    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Variable x, Variable y) => Output.Plus(x, y);

    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Variable x, Output y) => Output.Plus(x, y);

    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Output x, Variable y) => Output.Plus(x, y);

    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Variable x, Operand y) => Output.Plus(x, y);

    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Operand x, Variable y) => Output.Plus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Variable x, Variable y) => Output.Minus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Variable x, Output y) => Output.Minus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Output x, Variable y) => Output.Minus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Variable x, Operand y) => Output.Minus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Operand x, Variable y) => Output.Minus(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Variable x, Variable y) => Output.Times(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Variable x, Output y) => Output.Times(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Output x, Variable y) => Output.Times(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Variable x, Operand y) => Output.Times(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Operand x, Variable y) => Output.Times(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Variable x, Variable y) => Output.Over(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Variable x, Output y) => Output.Over(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Output x, Variable y) => Output.Over(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Variable x, Operand y) => Output.Over(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Operand x, Variable y) => Output.Over(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Variable x, Variable y) => Output.Modulo(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Variable x, Output y) => Output.Modulo(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Output x, Variable y) => Output.Modulo(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Variable x, Operand y) => Output.Modulo(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Operand x, Variable y) => Output.Modulo(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Variable x, Variable y) => Output.IsGreater(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Variable x, Output y) => Output.IsGreater(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Output x, Variable y) => Output.IsGreater(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Variable x, Operand y) => Output.IsGreater(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Operand x, Variable y) => Output.IsGreater(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Variable x, Variable y) => Output.IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Variable x, Output y) => Output.IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Output x, Variable y) => Output.IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Variable x, Operand y) => Output.IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Operand x, Variable y) => Output.IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Variable x, Variable y) => Output.IsLess(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Variable x, Output y) => Output.IsLess(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Output x, Variable y) => Output.IsLess(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Variable x, Operand y) => Output.IsLess(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Operand x, Variable y) => Output.IsLess(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Variable x, Variable y) => Output.IsLessOrEqual(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Variable x, Output y) => Output.IsLessOrEqual(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Output x, Variable y) => Output.IsLessOrEqual(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Variable x, Operand y) => Output.IsLessOrEqual(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Operand x, Variable y) => Output.IsLessOrEqual(x, y);

    /// <summary>The negative, element by element, a node named "Neg".</summary>
    public static Output operator -(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return -x.Value;
    }
}
