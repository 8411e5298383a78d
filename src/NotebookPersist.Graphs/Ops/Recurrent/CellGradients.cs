using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class LSTMBlockCellGradOp() : FloatingOp(
    "LSTMBlockCellGrad(x: T, cs_prev: T, h_prev: T, w: T, wci: T, wcf: T, wco: T, b: T, i: T, cs: T, f: T, o: T, ci: T, co: T, cs_grad: T, h_grad: T) "
    + "-> (cs_prev_grad: T, dicfo: T, wci_grad: T, wcf_grad: T, wco_grad: T) "
    + "where use_peephole: bool, T: half | float")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of it");

    public override void InferShapes(ShapeContext c)
    {
        Shape state = c.WithRank(1, 2);
        c.Output(0, state);
        c.Output(1, [state[0], state[1] < 0 ? -1 : 4 * state[1]]);
        for (int i = 0; i < 3; i++)
            c.Output(2 + i, c.Input(4 + i));
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor before = c.Input(1);
        if (before.Rank != 2)
            throw c.InvalidArgument($"cs_prev must be 2-dimensional, got {before.Shape}");
        int cells = (int)before.Shape[1];
        bool peephole = c.Attributes.Bool("use_peephole");
        for (int i = 8; i < 16; i++)
        {
            if (c.Input(i).Shape != before.Shape)
                throw c.InvalidArgument($"{Signature.Inputs[i].Name} must have the shape of cs_prev, {before.Shape}, got {c.Input(i).Shape}");
        }

        T[][] weights = [.. Enumerable.Range(4, 3).Select(i => Peephole<T>(c, i, peephole, cells))];
        Tensor[] toWeights = [.. Enumerable.Range(0, 3).Select(i => c.AllocateOutput(2 + i, c.Input(4 + i).Shape))];
        foreach (Tensor gradient in toWeights)
            gradient.MutableBytes.Clear();
        Span<T> toBefore = c.AllocateOutput(0, before.Shape).MutableData<T>();
        Span<T> toGates = c.AllocateOutput(1, [before.Shape[0], 4L * cells]).MutableData<T>();
        ReadOnlySpan<T> state = before.Data<T>();
        for (int at = 0; at < state.Length; at++)
        {
            int k = at % cells;
            (T i, T cs, T f, T o, T n, T squashed) = (At(8), At(9), At(10), At(11), At(12), At(13));
            T toO = o * (T.One - o) * At(15) * squashed;
            T toState = ((T.One - (squashed * squashed)) * At(15) * o) + At(14);
            if (peephole)
                toState += toO * weights[2][k];
            T toN = (T.One - (n * n)) * toState * i;
            T toF = f * (T.One - f) * toState * state[at];
            T toI = i * (T.One - i) * toState * n;
            int gate = (at / cells * 4 * cells) + k;
            (toGates[gate], toGates[gate + cells], toGates[gate + (2 * cells)], toGates[gate + (3 * cells)]) = (toI, toN, toF, toO);
            toBefore[at] = toState * f;
            if (!peephole)
                continue;
            toBefore[at] += (toI * weights[0][k]) + (toF * weights[1][k]);
            toWeights[0].MutableData<T>()[k] += toI * state[at];
            toWeights[1].MutableData<T>()[k] += toF * state[at];
            toWeights[2].MutableData<T>()[k] += toO * cs;

            T At(int input) => c.Input(input).Data<T>()[at];
        }
    }

    private T[] Peephole<T>(KernelContext c, int input, bool used, int cells)
        where T : unmanaged
    {
        if (!used)
            return [];
        return c.Input(input).Count == cells ? c.Input(input).ToArray<T>() : throw c.InvalidArgument($"{Signature.Inputs[input].Name} must have shape [{cells}], got {c.Input(input).Shape}");
    }
}

internal sealed class GRUBlockCellGradOp() : Op(
    "GRUBlockCellGrad(x: T, h_prev: T, w_ru: T, w_c: T, b_ru: T, b_c: T, r: T, u: T, c: T, d_h: T) "
    + "-> (d_x: T, d_h_prev: T, d_c_bar: T, d_r_bar_u_bar: T) "
    + "where T: float")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of it");

    public override void InferShapes(ShapeContext c)
    {
        (Shape x, Shape hidden) = (c.WithRank(0, 2), c.WithRank(1, 2));
        c.Output(0, x);
        c.Output(1, hidden);
        c.Output(2, hidden);
        c.Output(3, [hidden[0], hidden[1] < 0 ? -1 : 2 * hidden[1]]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor x, Tensor before) = (c.Input(0), c.Input(1));
        if (x.Rank != 2 || before.Rank != 2 || x.Shape[0] != before.Shape[0])
            throw c.InvalidArgument($"x and h_prev must be matrices of as many rows, got {x.Shape} and {before.Shape}");
        (int batch, int inputs, int cells) = ((int)x.Shape[0], (int)x.Shape[1], (int)before.Shape[1]);
        Require(c, 2, [inputs + cells, 2L * cells]);
        Require(c, 3, [inputs + cells, cells]);
        for (int i = 6; i < 10; i++)
            Require(c, i, before.Shape);
        ReadOnlySpan<float> h = before.Data<float>();
        ReadOnlySpan<float> r = c.Input<float>(6);
        ReadOnlySpan<float> u = c.Input<float>(7);
        ReadOnlySpan<float> n = c.Input<float>(8);
        ReadOnlySpan<float> dy = c.Input<float>(9);
        float[] toNew = new float[h.Length];
        float[] toGates = new float[2 * h.Length];
        for (int i = 0; i < h.Length; i++)
            toNew[i] = dy[i] * (1 - u[i]) * (1 - (n[i] * n[i]));
        float[] fromNew = Spread(c, toNew, 3, batch, cells, inputs + cells);
        for (int i = 0; i < h.Length; i++)
        {
            (int row, int k) = (i / cells, i % cells);
            toGates[(row * 2 * cells) + k] = fromNew[(row * (inputs + cells)) + inputs + k] * h[i] * r[i] * (1 - r[i]);
            toGates[(row * 2 * cells) + cells + k] = dy[i] * (h[i] - n[i]) * u[i] * (1 - u[i]);
        }

        float[] fromGates = Spread(c, toGates, 2, batch, 2 * cells, inputs + cells);
        Span<float> toX = c.AllocateOutput(0, x.Shape).MutableData<float>();
        for (int i = 0; i < toX.Length; i++)
        {
            int at = (i / inputs * (inputs + cells)) + (i % inputs);
            toX[i] = fromNew[at] + fromGates[at];
        }

        Span<float> toBefore = c.AllocateOutput(1, before.Shape).MutableData<float>();
        for (int i = 0; i < toBefore.Length; i++)
        {
            int at = (i / cells * (inputs + cells)) + inputs + (i % cells);
            toBefore[i] = fromGates[at] + (dy[i] * u[i]) + (fromNew[at] * r[i]);
        }

        toNew.CopyTo(c.AllocateOutput(2, before.Shape).MutableData<float>());
        toGates.CopyTo(c.AllocateOutput(3, [batch, 2L * cells]).MutableData<float>());
    }

    // What arrives at the inputs of a product with weights.
    private static float[] Spread(KernelContext c, float[] arriving, int weights, int batch, int width, int joined)
    {
        float[] result = new float[batch * joined];
        MatrixProduct.Multiply<float>(arriving, c.Input<float>(weights), result, batch, joined, width, false, true, c.Workers);
        return result;
    }

    private void Require(KernelContext c, int input, Shape shape)
    {
        if (c.Input(input).Shape != shape)
            throw c.InvalidArgument($"{Signature.Inputs[input].Name} must have shape {shape}, got {c.Input(input).Shape}");
    }
}
