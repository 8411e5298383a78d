using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Adds to a variable.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="reference">Handle of the variable.</param>
    /// <param name="value">Shape and dtype of the variable.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The handle.</returns>
    /// <remarks>Source: TensorFlow op "AssignAdd".</remarks>
    public static Output AssignAdd(this Graph graph, Output reference, Operand value, bool useLocking = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<AssignAddOp>(name, new AttributeList { { "use_locking", useLocking } }, reference, value);
    }

    /// <summary>Subtracts from a variable.</summary>
    /// <inheritdoc cref="AssignAdd"/>
    /// <remarks>Source: TensorFlow op "AssignSub".</remarks>
    public static Output AssignSub(this Graph graph, Output reference, Operand value, bool useLocking = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<AssignSubOp>(name, new AttributeList { { "use_locking", useLocking } }, reference, value);
    }
}

internal abstract class UpdatingOp(string name, ScatterKind kind) : Op(
    $"{name}(ref: ref(T), value: T) -> (output_ref: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("updates of variables are not differentiated");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    public override void Compute(KernelContext c)
    {
        VariableCell cell = c.Reference(0);
        Update(c, cell.ReadForUpdate(), c.Input(1), kind);
        cell.FinishUpdate();
        c.OutputReference(0, cell);
    }

    /// <summary>Updates a whole value in place.</summary>
    internal static void Update(KernelContext c, Tensor target, Tensor value, ScatterKind kind)
    {
        if (target.Shape != value.Shape)
            throw c.InvalidArgument($"Cannot update variable with shape {target.Shape} using a Tensor with shape {value.Shape}, shapes must be equal.");
        if (!Scattering.TryApply(target, [0], target.Count, value, kind))
            throw c.Unsupported(target.DType);
    }
}

internal sealed class AssignAddOp() : UpdatingOp("AssignAdd", ScatterKind.Add);

internal sealed class AssignSubOp() : UpdatingOp("AssignSub", ScatterKind.Subtract);
