using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same value; the run fails where it has NaN or infinities.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Floats.</param>
    /// <param name="message">What the error begins with.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "CheckNumerics".</remarks>
    public static Output CheckNumerics(this Graph graph, Operand tensor, string message, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<CheckNumericsOp>(name, new AttributeList { { "message", message } }, tensor);
    }
}

internal abstract class NumericsOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.CheckNumerics(g.Dy(0), $"Not a number (NaN) or infinity (Inf) values detected in gradient. {g.Attributes.String("message")}")]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        (bool nan, bool infinite) = NumericCheck.Find(input);
        if (nan || infinite)
            throw c.InvalidArgument($"{c.Attributes.String("message")} : Tensor had {(nan && infinite ? "Inf and NaN" : nan ? "NaN" : "Inf")} values");
        c.Output(0, input);
    }
}

internal sealed class CheckNumericsOp() : NumericsOp("CheckNumerics(tensor: T) -> (output: T) where T: bfloat16 | half | float | double, message: string; stateful");

internal sealed class CheckNumericsV2Op() : NumericsOp("CheckNumericsV2(tensor: T) -> (output: T) where T: bfloat16 | half | float | double, message: string; stateful");
