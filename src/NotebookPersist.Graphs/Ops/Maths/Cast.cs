using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same numbers as another element type.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers or bool.</param>
    /// <param name="dtype">Wanted type.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape of <paramref name="x"/>; <paramref name="x"/> itself where it is of that type already.</returns>
    /// <remarks>Floats are cut off toward zero on their way to integers; a number other than 0 becomes true. Source: TensorFlow op "Cast".</remarks>
    public static Output Cast(this Graph graph, Operand x, DType dtype, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (x.Output?.DType == dtype)
            return x.Output;
        if (x.Output is not null)
            return graph.Add<CastOp>(name, new AttributeList { { "DstT", dtype } }, x);
        using NameScope scope = graph.NameScope(name ?? "Cast");
        Output value = graph.Constant(x, name: "x");
        return value.DType == dtype ? value : graph.Add<CastOp>(scope.Name, new AttributeList { { "DstT", dtype } }, value);
    }
}

internal sealed class CastOp() : Op("Cast(x: SrcT) -> (y: DstT) where SrcT: type, DstT: type, Truncate: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        DType from = g.X(0).DType;
        bool flows = IsContinuous(from) && IsContinuous(g.Y(0).DType);
        return [flows ? g.Graph.Cast(g.Dy(0), from) : null];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor x = c.Input(0);
        DType to = c.Attributes.Type("DstT");
        if (x.DType == to)
            c.Output(0, x);
        else if (!x.DType.HasFixedSize() || !to.HasFixedSize())
            throw new KernelException(RunErrorCode.Unimplemented, $"Cast {x.DType.SignatureName()} to {to.SignatureName()} is not supported");
        else
            Casts.Convert(x, c.AllocateOutput(0, x.Shape), c.Workers);
    }

    private static bool IsContinuous(DType type) => type.IsFloating() || type.IsComplex();
}
