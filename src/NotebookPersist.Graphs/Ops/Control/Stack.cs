using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class StackMakingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is a handle");

    public override void InferShapes(ShapeContext c) => c.Output(0, [2]); // So it is told, though the handle of a resource is one.

    public override void Compute(KernelContext c)
    {
        long most = c.InputCount > 0 ? c.Input(0).Item<int>() : -1;
        string name = c.Attributes.String("stack_name");
        name = name.Length > 0 ? name : c.Operation.Name;
        c.OutputHandle(0, name, new StackState(name, c.Attributes.Type("elem_type"), most));
    }
}

internal sealed class StackV2Op() : StackMakingOp("StackV2(max_size: int32) -> (handle: resource) where elem_type: type, stack_name: string = ''; stateful");

internal sealed class StackOp() : StackMakingOp("Stack() -> (handle: ref(string)) where elem_type: type, stack_name: string = ''; stateful");

internal abstract class StackPushingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("stacks belong to gradients already");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(1));

    public override void Compute(KernelContext c)
    {
        c.Thing<StackState>(0).Push(c, c.Input(1));
        c.Output(0, c.Input(1));
    }
}

internal sealed class StackPushV2Op() : StackPushingOp("StackPushV2(handle: resource, elem: T) -> (output: T) where T: type, swap_memory: bool = false; stateful");

internal sealed class StackPushOp() : StackPushingOp("StackPush(handle: ref(string), elem: T) -> (output: T) where T: type, swap_memory: bool = false");

internal abstract class StackPoppingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("stacks belong to gradients already");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Unknown);

    public override void Compute(KernelContext c) => c.Thing<StackState>(0).Pop(c);
}

internal sealed class StackPopV2Op() : StackPoppingOp("StackPopV2(handle: resource) -> (elem: elem_type) where elem_type: type; stateful");

internal sealed class StackPopOp() : StackPoppingOp("StackPop(handle: ref(string)) -> (elem: elem_type) where elem_type: type");

internal abstract class StackClosingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        c.Thing<StackState>(0).Close();
        c.ForgetHandle(0);
    }
}

internal sealed class StackCloseV2Op() : StackClosingOp("StackCloseV2(handle: resource) -> (); stateful");

internal sealed class StackCloseOp() : StackClosingOp("StackClose(handle: ref(string)) -> ()");
