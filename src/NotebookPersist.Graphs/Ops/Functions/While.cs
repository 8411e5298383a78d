using NotebookPersist.Graphs.Gradients;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

internal abstract class LoopingOp(string signature) : FunctionOp(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        base.InferShapes(c);
        for (int i = 0; i < c.OutputCount; i++)
        {
            if (!c.Attributes.TryGetShared("output_shapes", out AttrValue? shapes) || shapes.List is not { Shape.Count: > 0 })
                c.Output(i, c.Input(i));
        }
    }

    public override GradientRule Gradient => GradientRule.Via(static g => WhileFunctionGradient.Of(g, g.Attributes.Function("cond"), g.Attributes.Function("body")));

    public override void Compute(KernelContext c)
    {
        NameAttrList condition = c.Attributes.Function("cond"), body = c.Attributes.Function("body");
        Tensor[] values = Arguments(c);
        while (true)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            Tensor[] goesOn = c.Call(condition, values);
            if (goesOn.Length != 1)
                throw c.InvalidArgument($"Function '{condition.Name}' should return a single tensor, but it gave {goesOn.Length}.");
            if (!IsTrue(goesOn[0]))
                break;
            Tensor[] next = c.Call(body, values);
            if (next.Length != values.Length)
                throw c.InvalidArgument($"Function '{body.Name}' should return {values.Length} tensors, but it gave {next.Length}.");
            values = next;
        }

        Return(c, values);
    }
}

internal sealed class WhileOp() : LoopingOp(
    "While(input: [T]) -> (output: [T]) where T: list(type) >= 0, cond: func, body: func, output_shapes: list(shape) = [], parallel_iterations: int = 10; stateful");

internal sealed class StatelessWhileOp() : LoopingOp(
    "StatelessWhile(input: [T]) -> (output: [T]) where T: list(type) >= 0, cond: func, body: func, output_shapes: list(shape) = [], parallel_iterations: int = 10");
