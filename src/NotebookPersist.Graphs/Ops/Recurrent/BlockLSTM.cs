using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>A long short-term memory over a whole sequence [time, batch, inputs].</summary>
internal abstract class SequenceMemoryOp(string signature, string gradient) : FloatingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(g =>
    {
        Operand[] operands = [.. g.Operation.Inputs.Select(static x => (Operand)x), .. g.Operation.Outputs.Select(static y => (Operand)y), g.Dy(1), g.Dy(6)];
        Operation node = g.Graph.AddOperation(gradient, null, new AttributeList { { "use_peephole", g.Attributes.Bool("use_peephole") } }, operands);
        return [null, .. node.Outputs.Select(static o => (Output?)o)];
    });

    protected override int TypedInput => 1;

    public override void InferShapes(ShapeContext c)
    {
        (Shape x, Shape b) = (c.WithRank(1, 3), c.WithRank(8, 1));
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, [x[0], x[1], b[0] < 0 ? -1 : b[0] / 4]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor x = c.Input(1);
        (int steps, int batch, int inputs, int cells) = Sizes(c, x, c.Input(2), c.Input(3));
        LstmGates<T> gates = LstmInputs.Read<T>(c, 4, inputs, cells);
        long length = Length(c, steps);
        Tensor[] results = [.. Enumerable.Range(0, 7).Select(i => c.AllocateOutput(i, [steps, batch, cells]))];
        foreach (Tensor result in results)
            result.MutableBytes.Clear();
        (T[] state, T[] hidden) = (c.Input(2).ToArray<T>(), c.Input(3).ToArray<T>());
        T[][] y = [.. results.Select(_ => new T[batch * cells])];
        for (int t = 0; t < length; t++)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            gates.Step(x.Data<T>().Slice(t * batch * inputs, batch * inputs), state, hidden, y);
            for (int i = 0; i < 7; i++)
                y[i].CopyTo(results[i].MutableData<T>()[(t * batch * cells)..]);
            y[1].CopyTo(state, 0);
            y[6].CopyTo(hidden, 0);
        }
    }

    internal static (int Steps, int Batch, int Inputs, int Cells) Sizes(KernelContext c, Tensor x, Tensor state, Tensor hidden)
    {
        if (x.Rank != 3)
            throw c.InvalidArgument($"x must be 3D, got shape {x.Shape}");
        if (state.Rank != 2 || state.Shape[0] != x.Shape[1])
            throw c.InvalidArgument($"cs_prev must be 2-dimensional with {x.Shape[1]} rows, got {state.Shape}");
        if (hidden.Shape != state.Shape)
            throw c.InvalidArgument($"h_prev must have the shape of cs_prev, {state.Shape}, got {hidden.Shape}");
        return ((int)x.Shape[0], (int)x.Shape[1], (int)x.Shape[2], (int)state.Shape[1]);
    }

    internal static long Length(KernelContext c, int steps)
    {
        if (c.Input(0).Rank != 0)
            throw c.InvalidArgument($"seq_len_max must be a scalar, got shape {c.Input(0).Shape}");
        long length = c.Input(0).Item<long>();
        return length <= steps && length >= 0 ? length : throw c.InvalidArgument($"seq_len_max must be in [0, {steps}], got {length}");
    }
}

internal sealed class BlockLSTMOp() : SequenceMemoryOp(
    "BlockLSTM(seq_len_max: int64, x: T, cs_prev: T, h_prev: T, w: T, wci: T, wcf: T, wco: T, b: T) -> (i: T, cs: T, f: T, o: T, ci: T, co: T, h: T) "
    + "where forget_bias: float = 1, cell_clip: float = 3, use_peephole: bool = false, T: half | float", "BlockLSTMGrad");

internal sealed class BlockLSTMV2Op() : SequenceMemoryOp(
    "BlockLSTMV2(seq_len_max: int64, x: T, cs_prev: T, h_prev: T, w: T, wci: T, wcf: T, wco: T, b: T) -> (i: T, cs: T, f: T, o: T, ci: T, co: T, h: T) "
    + "where cell_clip: float = 0, use_peephole: bool = false, T: half | float", "BlockLSTMGradV2");

internal abstract class SequenceMemoryBackpropOp(string signature) : FloatingOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of it");

    protected override int TypedInput => 1;

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, c.Input(i + 1));
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor x = c.Input(1);
        (int steps, int batch, int inputs, int cells) = SequenceMemoryOp.Sizes(c, x, c.Input(2), c.Input(3));
        LstmGates<T> gates = LstmInputs.Read<T>(c, 4, inputs, cells);
        long length = SequenceMemoryOp.Length(c, steps);
        Shape whole = [steps, batch, cells];
        for (int i = 9; i < 18; i++)
        {
            if (c.Input(i).Shape != whole)
                throw c.InvalidArgument($"{Signature.Inputs[i].Name} must have shape [{steps},{batch},{cells}], got {c.Input(i).Shape}");
        }

        Tensor toX = c.AllocateOutput(0, x.Shape);
        toX.MutableBytes.Clear();
        (T[] toState, T[] toHidden) = (new T[batch * cells], new T[batch * cells]);
        (T[] toW, T[] toB) = (new T[(inputs + cells) * 4 * cells], new T[4 * cells]);
        T[][] toPeepholes = [new T[cells], new T[cells], new T[cells]];
        int size = batch * cells;
        for (int t = (int)length - 1; t >= 0; t--)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            T[][] y = [.. Enumerable.Range(9, 7).Select(i => c.Input(i).Data<T>().Slice(t * size, size).ToArray())];
            T[] state = t == 0 ? c.Input(2).ToArray<T>() : c.Input(10).Data<T>().Slice((t - 1) * size, size).ToArray();
            T[] hidden = t == 0 ? c.Input(3).ToArray<T>() : c.Input(15).Data<T>().Slice((t - 1) * size, size).ToArray();
            ReadOnlySpan<T> arriving = c.Input(16).Data<T>().Slice(t * size, size);
            ReadOnlySpan<T> arrivingHidden = c.Input(17).Data<T>().Slice(t * size, size);
            for (int i = 0; i < size; i++)
            {
                toState[i] += arriving[i];
                toHidden[i] += arrivingHidden[i];
            }

            int from = t * batch * inputs;
            gates.Backprop(x.Data<T>().Slice(from, batch * inputs), state, hidden, y, toState, toHidden, toX.MutableData<T>().Slice(from, batch * inputs), toW, toPeepholes, toB);
        }

        T[][] rest = [toState, toHidden, toW, .. toPeepholes, toB];
        for (int i = 0; i < rest.Length; i++)
        {
            Tensor result = c.AllocateOutput(i + 1, c.Input(i + 2).Shape);
            // Peepholes that are not used may have any shape.
            result.MutableBytes.Clear();
            if (result.Count == rest[i].Length)
                rest[i].CopyTo(result.MutableData<T>());
        }
    }
}

internal sealed class BlockLSTMGradOp() : SequenceMemoryBackpropOp(
    "BlockLSTMGrad(seq_len_max: int64, x: T, cs_prev: T, h_prev: T, w: T, wci: T, wcf: T, wco: T, b: T, i: T, cs: T, f: T, o: T, ci: T, co: T, h: T, cs_grad: T, h_grad: T) "
    + "-> (x_grad: T, cs_prev_grad: T, h_prev_grad: T, w_grad: T, wci_grad: T, wcf_grad: T, wco_grad: T, b_grad: T) where use_peephole: bool, T: half | float");

internal sealed class BlockLSTMGradV2Op() : SequenceMemoryBackpropOp(
    "BlockLSTMGradV2(seq_len_max: int64, x: T, cs_prev: T, h_prev: T, w: T, wci: T, wcf: T, wco: T, b: T, i: T, cs: T, f: T, o: T, ci: T, co: T, h: T, cs_grad: T, h_grad: T) "
    + "-> (x_grad: T, cs_prev_grad: T, h_prev_grad: T, w_grad: T, wci_grad: T, wcf_grad: T, wco_grad: T, b_grad: T) where use_peephole: bool, T: half | float");
