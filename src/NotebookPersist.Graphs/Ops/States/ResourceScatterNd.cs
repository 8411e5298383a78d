using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class ResourceScatterMulOp() : ResourceScatterOp("ResourceScatterMul", Numbers, ScatterKind.Multiply);

internal sealed class ResourceScatterDivOp() : ResourceScatterOp("ResourceScatterDiv", Numbers, ScatterKind.Divide);

internal sealed class ResourceScatterMinOp() : ResourceScatterOp("ResourceScatterMin", Numbers, ScatterKind.Minimum);

internal sealed class ResourceScatterMaxOp() : ResourceScatterOp("ResourceScatterMax", Numbers, ScatterKind.Maximum);

/// <summary>Scatters into a resource variable, by positions along its first dimensions.</summary>
internal abstract class ResourceScatterNdOp(string signature, ScatterKind kind) : UndifferentiatedOp(signature, "updates of variables are not differentiated")
{
    public override void InferShapes(ShapeContext c) =>
        ScatterNdRule.Check(c, c.Input(1), c.Input(2), ResourceVariables.HandleShape(c.Operation.Inputs[0]));

    public override void Compute(KernelContext c)
    {
        ScatterNdRule.Scatter(c, c.ValueForUpdate(0), c.Input(1), c.Input(2), kind);
        c.Cell(0).FinishUpdate();
    }
}

internal sealed class ResourceScatterNdUpdateOp() : ResourceScatterNdOp("ResourceScatterNdUpdate(ref: resource, indices: Tindices, updates: T) -> () where T: type, Tindices: int32 | int64, use_locking: bool = true; stateful", ScatterKind.Update);

internal sealed class ResourceScatterNdAddOp() : ResourceScatterNdOp("ResourceScatterNdAdd(ref: resource, indices: Tindices, updates: T) -> () where T: type, Tindices: int32 | int64, use_locking: bool = true; stateful", ScatterKind.Add);

internal sealed class ResourceScatterNdSubOp() : ResourceScatterNdOp("ResourceScatterNdSub(ref: resource, indices: Tindices, updates: T) -> () where T: type, Tindices: int32 | int64, use_locking: bool = true; stateful", ScatterKind.Subtract);

internal sealed class ResourceScatterNdMinOp() : ResourceScatterNdOp("ResourceScatterNdMin(ref: resource, indices: Tindices, updates: T) -> () where T: type, Tindices: int32 | int64, use_locking: bool = true; stateful", ScatterKind.Minimum);

internal sealed class ResourceScatterNdMaxOp() : ResourceScatterNdOp("ResourceScatterNdMax(ref: resource, indices: Tindices, updates: T) -> () where T: type, Tindices: int32 | int64, use_locking: bool = true; stateful", ScatterKind.Maximum);

internal sealed class ResourceGatherNdOp() : Op("ResourceGatherNd(resource: resource, indices: Tindices) -> (output: dtype) where dtype: type, Tindices: int32 | int64; stateful")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape = g.Graph.AddOperation<VariableShapeOp>(null, new AttributeList { { "out_type", g.X(1).DType } }, g.X(0))[0];
        return [g.Graph.ScatterNd(g.X(1), g.Dy(0), shape), null];
    });

    public override void InferShapes(ShapeContext c) => GatherNdOp.InferShapes(c, ResourceVariables.HandleShape(c.Operation.Inputs[0]));

    public override void Compute(KernelContext c) => GatherNdOp.Gather(c, c.Value(0));
}
