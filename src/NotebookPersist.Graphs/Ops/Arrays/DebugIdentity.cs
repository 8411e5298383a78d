using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The input as it is; what watches a run puts such nodes into a graph.</summary>
internal abstract class WatchingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0)]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c) => c.Output(0, c.Input(0));
}

internal sealed class CopyOp() : WatchingOp("Copy(input: T) -> (output: T) where T: type, tensor_name: string = '', debug_ops_spec: list(string) = []; allows_uninitialized_input");

internal sealed class CopyHostOp() : WatchingOp("CopyHost(input: T) -> (output: T) where T: type, tensor_name: string = '', debug_ops_spec: list(string) = []; allows_uninitialized_input");

internal sealed class DebugIdentityOp() : WatchingOp(
    "DebugIdentity(input: T) -> (output: T) where T: type, device_name: string = '', tensor_name: string = '', debug_urls: list(string) = [], gated_grpc: bool = false; allows_uninitialized_input");

internal sealed class DebugGradientIdentityOp() : WatchingOp("DebugGradientIdentity(input: T) -> (output: T) where T: type; allows_uninitialized_input");

/// <summary>How many elements are not numbers.</summary>
internal sealed class DebugNanCountOp() : UndifferentiatedOp(
    "DebugNanCount(input: T) -> (output: int64) where T: type, device_name: string = '', tensor_name: string = '', debug_urls: list(string) = [], gated_grpc: bool = false; allows_uninitialized_input",
    "a count does not change with the values")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, [1]);

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long count = 0;
        for (int i = 0; i < input.Count && input.DType.IsFloating(); i++)
            count += double.IsNaN(input.ItemAt<double>(i)) ? 1 : 0;
        c.AllocateOutput(0, [1]).MutableData<long>()[0] = count;
    }
}
