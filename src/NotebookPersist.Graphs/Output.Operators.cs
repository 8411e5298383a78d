namespace NotebookPersist;

public sealed partial class Output
{
    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Output x, Output y) => Plus(x, y);

    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Output x, Operand y) => Plus(x, y);

    /// <summary>Element by element the sum, a node named "add"; strings are joined.</summary>
    public static Output operator +(Operand x, Output y) => Plus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Output x, Output y) => Minus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Output x, Operand y) => Minus(x, y);

    /// <summary>Element by element the difference, a node named "sub".</summary>
    public static Output operator -(Operand x, Output y) => Minus(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Output x, Output y) => Times(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Output x, Operand y) => Times(x, y);

    /// <summary>Element by element the product, a node named "mul".</summary>
    public static Output operator *(Operand x, Output y) => Times(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Output x, Output y) => Over(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Output x, Operand y) => Over(x, y);

    /// <summary>Element by element the quotient, a node named "truediv"; integers become floats first.</summary>
    public static Output operator /(Operand x, Output y) => Over(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Output x, Output y) => Modulo(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Output x, Operand y) => Modulo(x, y);

    /// <summary>Element by element the remainder with the sign of the divisor, a node named "mod".</summary>
    public static Output operator %(Operand x, Output y) => Modulo(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Output x, Output y) => IsGreater(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Output x, Operand y) => IsGreater(x, y);

    /// <summary>Element by element whether the left is greater, a node named "Greater".</summary>
    public static Output operator >(Operand x, Output y) => IsGreater(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Output x, Output y) => IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Output x, Operand y) => IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is greater or equal, a node named "GreaterEqual".</summary>
    public static Output operator >=(Operand x, Output y) => IsGreaterOrEqual(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Output x, Output y) => IsLess(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Output x, Operand y) => IsLess(x, y);

    /// <summary>Element by element whether the left is less, a node named "Less".</summary>
    public static Output operator <(Operand x, Output y) => IsLess(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Output x, Output y) => IsLessOrEqual(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Output x, Operand y) => IsLessOrEqual(x, y);

    /// <summary>Element by element whether the left is less or equal, a node named "LessEqual".</summary>
    public static Output operator <=(Operand x, Output y) => IsLessOrEqual(x, y);

    /// <summary>The negative, element by element, a node named "Neg".</summary>
    public static Output operator -(Output x) => GraphOf(x).Negative(x);

    /// <summary>True where both are, element by element, a node named "and".</summary>
    public static Output operator &(Output x, Output y) => GraphOf(x).LogicalAnd(x, y, "and");

    /// <summary>True where either is, element by element, a node named "or".</summary>
    public static Output operator |(Output x, Output y) => GraphOf(x).LogicalOr(x, y, "or");

    /// <summary>True where not, element by element, a node named "LogicalNot".</summary>
    public static Output operator !(Output x) => GraphOf(x).LogicalNot(x);

    internal static Output Plus(Operand x, Operand y)
    {
        Graph graph = GraphOf(x, y);
        return (x.Output ?? y.Output)?.DType == DType.String ? graph.Add(x, y, "add") : graph.AddV2(x, y, "add");
    }

    internal static Output Minus(Operand x, Operand y) => GraphOf(x, y).Subtract(x, y, "sub");

    internal static Output Times(Operand x, Operand y) => GraphOf(x, y).Multiply(x, y, "mul");

    internal static Output Over(Operand x, Operand y) => GraphOf(x, y).Divide(x, y);

    internal static Output Modulo(Operand x, Operand y) => GraphOf(x, y).FloorMod(x, y, "mod");

    internal static Output IsGreater(Operand x, Operand y) => GraphOf(x, y).Greater(x, y);

    internal static Output IsGreaterOrEqual(Operand x, Operand y) => GraphOf(x, y).GreaterEqual(x, y);

    internal static Output IsLess(Operand x, Operand y) => GraphOf(x, y).Less(x, y);

    internal static Output IsLessOrEqual(Operand x, Operand y) => GraphOf(x, y).LessEqual(x, y);

    private static Graph GraphOf(params ReadOnlySpan<Operand> operands)
    {
        foreach (Operand operand in operands)
        {
            if (operand.Output is { } output)
                return output.Graph;
        }

        throw new ArgumentException("An operand of an operator is missing: at least one must be a symbolic value.", nameof(operands));
    }
}
