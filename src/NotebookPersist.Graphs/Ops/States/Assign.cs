using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Gives a variable a new value.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="reference">Handle of the variable.</param>
    /// <param name="value">DType: the variable's. Shape: the variable's, unless <paramref name="validateShape"/> is false.</param>
    /// <param name="validateShape">False lets the variable change its shape.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The handle.</returns>
    /// <remarks>Source: TensorFlow op "Assign".</remarks>
    public static Output Assign(this Graph graph, Output reference, Operand value, bool validateShape = true, bool useLocking = true, string? name = null) =>
        graph.Add<AssignOp>(name, new AttributeList { { "validate_shape", validateShape }, { "use_locking", useLocking } }, reference, value);
}

internal sealed class AssignOp() : Op(
    "Assign(ref: ref(T), value: T) -> (output_ref: ref(T)) where T: type, validate_shape: bool = true, use_locking: bool = true; allows_uninitialized_input")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("assignments are not differentiated");

    public override void InferShapes(ShapeContext c) =>
        c.Output(0, c.Attributes.Bool("validate_shape") ? c.Merge(c.Input(0), c.Input(1)) : c.Input(1));

    public override void Compute(KernelContext c)
    {
        VariableCell cell = c.Reference(0);
        Tensor value = c.Input(1);
        Shape declared = c.Operation.Inputs[0].Shape;
        if (c.Attributes.Bool("validate_shape") && !declared.IsCompatibleWith(value.Shape))
            throw c.InvalidArgument($"Assign requires shapes of both tensors to match. lhs shape= {declared} rhs shape= {value.Shape}");

        // A first value that nobody else reads becomes the variable's own: a model's initial values are not there twice.
        if (!cell.IsInitialized && c.CanForward(1, 0, value.Shape))
            cell.Adopt(value);
        else
            cell.Assign(value);
        c.OutputReference(0, cell);
    }
}
