using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Writes a value over a slice.</summary>
internal abstract class SliceAssigningOp(string signature) : UndifferentiatedOp(signature, "assignments are not differentiated")
{
    /// <summary>Writes input 4 over the slice that inputs 1 to 3 name.</summary>
    internal static void Write(KernelContext c, Tensor target)
    {
        SliceSpec spec = StridedSliceOp.Resolve(c, target.Shape, 1);
        Tensor value = c.Input(4);
        if (spec.Shape.ElementCount == 0)
            return;
        if (value.Shape != spec.Shape)
            throw c.InvalidArgument($"Cannot assign a value of shape {value.Shape} to a slice of shape {spec.Shape}.");
        StridedCopy.Run(StridedView.Of(value, spec.Sizes), spec.View(target), spec.Sizes, c.Workers);
    }
}

internal sealed class StridedSliceAssignOp() : SliceAssigningOp("StridedSliceAssign(ref: ref(T), begin: Index, end: Index, strides: Index, value: T) -> (output_ref: ref(T)) where T: type, Index: int32 | int64, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        VariableCell cell = c.Reference(0);
        Write(c, cell.ReadForUpdate());
        c.OutputReference(0, cell);
    }
}

internal sealed class ResourceStridedSliceAssignOp() : SliceAssigningOp("ResourceStridedSliceAssign(ref: resource, begin: Index, end: Index, strides: Index, value: T) -> () where T: type, Index: int32 | int64, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0; stateful")
{
    public override void Compute(KernelContext c)
    {
        Write(c, c.ValueForUpdate(0));
        c.Cell(0).FinishUpdate();
    }
}

internal sealed class TensorStridedSliceUpdateOp() : Op("TensorStridedSliceUpdate(input: T, begin: Index, end: Index, strides: Index, value: T) -> (output: T) where T: type, Index: int32 | int64, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        AttributeList Masks() => SliceMasks.Of(g.Attributes).ToAttributes();
        Output toInput = g.Graph.Add<TensorStridedSliceUpdateOp>(null, Masks(), g.Dy(0), g.X(1), g.X(2), g.X(3), g.Graph.ZerosLike(g.X(4)));
        return [toInput, null, null, null, g.Graph.Add<StridedSliceOp>(null, Masks(), g.Dy(0), g.X(1), g.X(2), g.X(3))];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor output = c.AllocateOutput(0, c.Input(0).Shape);
        StridedCopy.Run(StridedView.Of(c.Input(0)), StridedView.Of(output), output.Shape.Dimensions, c.Workers);
        SliceAssigningOp.Write(c, output);
    }
}
