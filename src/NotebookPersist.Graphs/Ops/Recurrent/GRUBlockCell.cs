using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class GRUBlockCellOp() : Op("GRUBlockCell(x: T, h_prev: T, w_ru: T, w_c: T, b_ru: T, b_c: T) -> (r: T, u: T, c: T, h: T) where T: float")
{
    // As the layers of TensorFlow's contrib differentiate it: only the new state hands a gradient on.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        Operation cell = graph.AddOperation("GRUBlockCellGrad", null, null, g.X(0), g.X(1), g.X(2), g.X(3), g.X(4), g.X(5), g.Y(0), g.Y(1), g.Y(2), g.Dy(3));
        Output gates = graph.MatMul(graph.Concat([g.X(0), g.X(1)], 1), cell[3], transposeA: true);
        Output candidate = graph.MatMul(graph.Concat([g.X(0), g.X(1) * g.Y(0)], 1), cell[2], transposeA: true);
        return [cell[0], cell[1], gates, candidate, graph.Add<BiasAddGradOp>(null, cell[3]), graph.Add<BiasAddGradOp>(null, cell[2])];
    });

    public override void InferShapes(ShapeContext c)
    {
        (Shape x, Shape hidden) = (c.WithRank(0, 2), c.WithRank(1, 2));
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, [c.Merge(x[0], hidden[0]), hidden[1]]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor x, Tensor hidden) = (c.Input(0), c.Input(1));
        if (x.Rank != 2 || hidden.Rank != 2 || x.Shape[0] != hidden.Shape[0])
            throw c.InvalidArgument($"x and h_prev must be matrices of as many rows, got {x.Shape} and {hidden.Shape}");
        (int batch, int inputs, int cells) = ((int)x.Shape[0], (int)x.Shape[1], (int)hidden.Shape[1]);
        Require(c, 2, [inputs + cells, 2 * cells]);
        Require(c, 3, [inputs + cells, cells]);
        Require(c, 4, [2 * cells]);
        Require(c, 5, [cells]);
        float[] gates = Sums(c, x.Data<float>(), hidden.Data<float>(), 2, 4, batch, inputs, cells, 2 * cells);
        Span<float> r = c.AllocateOutput(0, hidden.Shape).MutableData<float>();
        Span<float> u = c.AllocateOutput(1, hidden.Shape).MutableData<float>();
        Span<float> candidate = c.AllocateOutput(2, hidden.Shape).MutableData<float>();
        Span<float> h = c.AllocateOutput(3, hidden.Shape).MutableData<float>();
        ReadOnlySpan<float> before = hidden.Data<float>();
        float[] kept = new float[before.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            int at = (i / cells * 2 * cells) + (i % cells);
            (r[i], u[i]) = (Sigmoid(gates[at]), Sigmoid(gates[at + cells]));
            kept[i] = before[i] * r[i];
        }

        float[] news = Sums(c, x.Data<float>(), kept, 3, 5, batch, inputs, cells, cells);
        for (int i = 0; i < kept.Length; i++)
        {
            candidate[i] = MathF.Tanh(news[i]);
            h[i] = (u[i] * before[i]) + ((1 - u[i]) * candidate[i]);
        }
    }

    private static float[] Sums(KernelContext c, ReadOnlySpan<float> x, ReadOnlySpan<float> hidden, int weights, int bias, int batch, int inputs, int cells, int width)
    {
        float[] joined = new float[batch * (inputs + cells)];
        for (int row = 0; row < batch; row++)
        {
            x.Slice(row * inputs, inputs).CopyTo(joined.AsSpan(row * (inputs + cells)));
            hidden.Slice(row * cells, cells).CopyTo(joined.AsSpan((row * (inputs + cells)) + inputs));
        }

        float[] sums = new float[batch * width];
        MatrixProduct.Multiply<float>(joined, c.Input<float>(weights), sums, batch, width, inputs + cells, false, false, c.Workers);
        ReadOnlySpan<float> b = c.Input<float>(bias);
        for (int i = 0; i < sums.Length; i++)
            sums[i] += b[i % width];
        return sums;
    }

    private void Require(KernelContext c, int input, Shape shape)
    {
        if (c.Input(input).Shape != shape)
            throw c.InvalidArgument($"{Signature.Inputs[input].Name} must have shape {shape}, got {c.Input(input).Shape}");
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
