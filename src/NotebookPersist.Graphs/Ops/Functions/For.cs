using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Calls a function for each number of a range, with the number and what the call before gave.</summary>
internal sealed class ForOp() : FunctionOp("For(start: int32, limit: int32, delta: int32, input: [T]) -> (output: [T]) where T: list(type) >= 0, body: func")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow differentiates While instead");

    public override void InferShapes(ShapeContext c)
    {
        // What the body makes of the shapes is not known before it is called.
    }

    public override void Compute(KernelContext c)
    {
        (int start, int limit, int delta) = (c.Input(0).Item<int>(), c.Input(1).Item<int>(), c.Input(2).Item<int>());
        if ((delta == 0 && start != limit) || (delta > 0 && start > limit) || (delta < 0 && start < limit))
            throw c.InvalidArgument($"Expected {(delta < 0 ? "start >= limit" : "start <= limit")} and a delta that is not 0, got start {start}, limit {limit}, delta {delta}");
        Tensor[] values = Arguments(c, 3);
        for (long i = start; delta > 0 ? i < limit : i > limit; i += delta)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            values = c.Call(c.Attributes.Function("body"), [Tensor.Scalar((int)i), .. values]);
        }

        Return(c, values);
    }
}

/// <summary>Calls a function on another device; here there is one.</summary>
internal sealed class RemoteCallOp() : FunctionOp(
    "RemoteCall(target: string, args: [Tin]) -> (output: [Tout]) where Tin: list(type) >= 1, Tout: list(type) >= 1, f: func; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of it");

    public override void Compute(KernelContext c) => Return(c, c.Call(c.Attributes.Function("f"), Arguments(c, 1)));
}
