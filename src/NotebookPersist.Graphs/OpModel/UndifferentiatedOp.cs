namespace NotebookPersist.Graphs.OpModel;

/// <summary>An operation that no gradient flows through.</summary>
/// <param name="signature">The one-line signature.</param>
/// <param name="reason">Why there is no gradient.</param>
internal abstract class UndifferentiatedOp(string signature, string reason) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable(reason);

    public override void InferShapes(ShapeContext c)
    {
        // Nothing is known of the outputs, or there are none.
    }
}
