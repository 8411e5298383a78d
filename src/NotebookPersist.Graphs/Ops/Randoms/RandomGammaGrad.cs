using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

internal sealed class RandomGammaGradOp() : FloatBinaryOp("RandomGammaGrad(alpha: T, sample: T) -> (output: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    // By how much a sample moves with its shape parameter while its place in the distribution stays: -(dP/da) / (dP/dx).
    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => SpecialFunctions.Map(x, y, z, SpecialFunctions.GammaSampleSlope);
}
