using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether a variable has a value.</summary>
    /// <returns>Shape: scalar, bool.</returns>
    /// <remarks>Source: TensorFlow op "IsVariableInitialized".</remarks>
    public static Output IsVariableInitialized(this Graph graph, Output reference, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<IsVariableInitializedOp>(name, reference);
    }

    /// <summary>Whether a variable has a value, be it a resource or not.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.is_variable_initialized</c>.</remarks>
    public static Output IsVariableInitialized(this Graph graph, Variable variable, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(variable);
        return variable.IsResource ? graph.VarIsInitializedOp(variable.Reference, name) : graph.IsVariableInitialized(variable.Reference, name);
    }
}

internal sealed class IsVariableInitializedOp() : Op(
    "IsVariableInitialized(ref: ref(dtype)) -> (is_initialized: bool) where dtype: type; allows_uninitialized_input")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is true or false");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<bool>()[0] = c.Reference(0).IsInitialized;
}
