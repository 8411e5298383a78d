using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class TensorArrayMakingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is a handle");

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 0);
        c.Output(0, [2]); // So it is told, though the handle of a resource is one.
        if (c.OutputCount > 1)
            c.Output(1, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        int size = TensorArrayState.CheckedSize(c, c.Input(0));
        string name = c.Attributes.String("tensor_array_name");
        name = name.Length > 0 ? name : c.Operation.Name;
        var array = new TensorArrayState(
            name,
            c.Attributes.Type("dtype"),
            size,
            c.Attributes.Shape("element_shape"),
            c.Attributes.Bool("dynamic_size"),
            c.Attributes.Bool("clear_after_read"),
            c.Attributes.Contains("identical_element_shapes") && c.Attributes.Bool("identical_element_shapes"));
        c.OutputHandle(0, name, array);
        if (c.Operation.Outputs.Count > 1)
            c.AllocateOutput(1, Shape.Scalar).MutableData<float>()[0] = 0;
    }
}

internal sealed class TensorArrayV3Op() : TensorArrayMakingOp(
    "TensorArrayV3(size: int32) -> (handle: resource, flow: float) where dtype: type, element_shape: shape = ?, dynamic_size: bool = false, clear_after_read: bool = true, identical_element_shapes: bool = false, tensor_array_name: string = ''; stateful");

internal sealed class TensorArrayV2Op() : TensorArrayMakingOp(
    "TensorArrayV2(size: int32) -> (handle: string) where dtype: type, element_shape: shape = ?, dynamic_size: bool = false, clear_after_read: bool = true, tensor_array_name: string = ''; stateful");

internal sealed class TensorArrayOp() : TensorArrayMakingOp(
    "TensorArray(size: int32) -> (handle: ref(string)) where dtype: type, dynamic_size: bool = false, clear_after_read: bool = true, tensor_array_name: string = '', element_shape: shape = ?; stateful");
