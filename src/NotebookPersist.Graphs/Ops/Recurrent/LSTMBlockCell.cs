using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What operations on long short-term memories share.</summary>
internal static class LstmInputs
{
    /// <summary>Weights and settings of a node; its weight inputs follow each other.</summary>
    /// <exception cref="KernelException">Shapes do not fit.</exception>
    public static LstmGates<T> Read<T>(KernelContext c, int firstWeight, int inputs, int cells)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        Tensor w = c.Input(firstWeight);
        if (w.Rank != 2 || w.Shape[0] != inputs + cells || w.Shape[1] != 4L * cells)
            throw c.InvalidArgument($"w must have shape [{inputs + cells},{4L * cells}], got {w.Shape}");
        bool peephole = c.Attributes.Bool("use_peephole");
        T[] Vector(int input, string name, long size)
        {
            Tensor tensor = c.Input(input);
            return tensor.Rank == 1 && tensor.Shape[0] == size ? tensor.ToArray<T>() : throw c.InvalidArgument($"{name} must have shape [{size}], got {tensor.Shape}");
        }

        // Where they are not used, peepholes may have any shape.
        T[] Peephole(int input, string name) => peephole ? Vector(input, name, cells) : [];
        return new LstmGates<T>(
            w.ToArray<T>(),
            Peephole(firstWeight + 1, "wci"),
            Peephole(firstWeight + 2, "wcf"),
            Peephole(firstWeight + 3, "wco"),
            Vector(firstWeight + 4, "b", 4L * cells),
            inputs,
            cells,
            T.CreateTruncating(c.Attributes.Contains("forget_bias") ? c.Attributes.Float("forget_bias") : 0),
            T.CreateTruncating(c.Attributes.Contains("cell_clip") ? c.Attributes.Float("cell_clip") : -1),
            peephole,
            c.Operation.Type.EndsWith("V2", StringComparison.Ordinal));
    }
}

internal sealed class LSTMBlockCellOp() : FloatingOp(
    "LSTMBlockCell(x: T, cs_prev: T, h_prev: T, w: T, wci: T, wcf: T, wco: T, b: T) -> (i: T, cs: T, f: T, o: T, ci: T, co: T, h: T) "
    + "where forget_bias: float = 1, cell_clip: float = 3, use_peephole: bool = false, T: half | float")
{
    // As the layers of TensorFlow's contrib differentiate it: only the two states hand gradients on.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        Operand[] operands = [.. g.Operation.Inputs.Select(static x => (Operand)x), .. g.Operation.Outputs.Take(6).Select(static y => (Operand)y), g.Dy(1), g.Dy(6)];
        Operation cell = graph.AddOperation("LSTMBlockCellGrad", null, new AttributeList { { "use_peephole", g.Attributes.Bool("use_peephole") } }, operands);
        (Output x, Output hidden, Output gates) = (g.X(0), g.X(2), cell[1]);
        Output toBoth = graph.MatMul(gates, g.X(3), transposeB: true);
        Output width = graph.Slice(graph.Shape(x), new[] { 1 }, new[] { 1 });
        Output toX = graph.Slice(toBoth, new[] { 0, 0 }, graph.Shape(x)), toHidden = graph.Slice(toBoth, graph.Concat([new[] { 0 }, width], 0), graph.Shape(hidden));
        Output toWeights = graph.MatMul(graph.Concat([x, hidden], 1), gates, transposeA: true);
        return [toX, cell[0], toHidden, toWeights, cell[2], cell[3], cell[4], graph.Add<BiasAddGradOp>(null, gates)];
    });

    public override void InferShapes(ShapeContext c)
    {
        (Shape x, Shape state) = (c.WithRank(0, 2), c.WithRank(1, 2));
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, [c.Merge(x[0], state[0]), state[1]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor x, Tensor state, Tensor hidden) = (c.Input(0), c.Input(1), c.Input(2));
        if (x.Rank != 2 || state.Rank != 2 || x.Shape[0] != state.Shape[0])
            throw c.InvalidArgument($"x and cs_prev must be matrices of as many rows, got {x.Shape} and {state.Shape}");
        if (hidden.Shape != state.Shape)
            throw c.InvalidArgument($"h_prev must have the shape of cs_prev, {state.Shape}, got {hidden.Shape}");
        LstmGates<T> gates = LstmInputs.Read<T>(c, 3, (int)x.Shape[1], (int)state.Shape[1]);
        T[][] results = [.. Enumerable.Range(0, 7).Select(_ => new T[state.Count])];
        gates.Step(x.Data<T>(), state.Data<T>(), hidden.Data<T>(), results);
        for (int i = 0; i < 7; i++)
            results[i].CopyTo(c.AllocateOutput(i, state.Shape).MutableData<T>());
    }
}
