using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Recurrent;

public sealed class CellGradientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_one_memory_cell_is_that_of_a_sequence_of_one_step(bool peephole)
    {
        using var runs = new OpRuns();
        Output x = Numbers(runs.Graph, 1, 2, 3), state = Numbers(runs.Graph, 2, 2, 2), hidden = Numbers(runs.Graph, 3, 2, 2);
        Operand[] weights = [Numbers(runs.Graph, 4, 5, 8), Numbers(runs.Graph, 5, 2), Numbers(runs.Graph, 6, 2), Numbers(runs.Graph, 7, 2), Numbers(runs.Graph, 8, 8)];
        Output toState = Numbers(runs.Graph, 9, 2, 2), toHidden = Numbers(runs.Graph, 10, 2, 2);
        Operation cell = runs.Add("LSTMBlockCell", new AttributeList { { "use_peephole", peephole } }, [x, state, hidden, .. weights]);
        Tensor[] found = runs.Run(
            "LSTMBlockCellGrad", new AttributeList { { "use_peephole", peephole } },
            [x, state, hidden, .. weights, .. cell.Outputs.Take(6).Select(static o => (Operand)o), toState, toHidden]);

        Operand[] steps = [.. cell.Outputs.Select(o => (Operand)runs.Graph.ExpandDims(o, 0))];
        Tensor[] expected = runs.Run(
            "BlockLSTMGrad", new AttributeList { { "use_peephole", peephole } },
            [1L, runs.Graph.ExpandDims(x, 0), state, hidden, .. weights, .. steps, runs.Graph.ExpandDims(toState, 0), runs.Graph.ExpandDims(toHidden, 0)]);

        Near(expected[1], found[0]);
        float[] toBias = new float[8];
        for (int i = 0; i < 16; i++)
            toBias[i % 8] += found[1].Data<float>()[i];
        Near(expected[7], Tensor.Of<float>([8], toBias));
        for (int i = 0; i < 3; i++)
            Near(expected[4 + i], found[2 + i]);
    }

    [Theory]
    [InlineData("GRUBlockCell", false)]
    [InlineData("LSTMBlockCell", false)]
    [InlineData("LSTMBlockCell", true)]
    public void Single_cells_are_differentiated(string type, bool peephole)
    {
        var graph = new Graph();
        bool gated = type == "GRUBlockCell";
        Shape[] shapes = gated ? [[2, 3], [2, 2], [5, 4], [5, 2], [4], [2]] : [[2, 3], [2, 2], [2, 2], [5, 8], [2], [2], [2], [8]];
        Output[] inputs = [.. shapes.Select(s => graph.Placeholder(DType.Float32, s))];
        Operation cell = graph.AddOperation(type, null, gated ? null : new AttributeList { { "use_peephole", peephole } }, [.. inputs.Select(static i => (Operand)i)]);
        Output loss = graph.ReduceSum(cell[gated ? 3 : 6] * Numbers(graph, 20, 2, 2));
        if (!gated)
            loss += graph.ReduceSum(cell[1] * Numbers(graph, 21, 2, 2));
        Output?[] gradients = graph.Gradients([loss], inputs);
        using var session = new Session(graph);
        Tensor[] values = [.. shapes.Select((s, i) => Values(i + 1, s))];
        float Loss(int moved, int element, float by)
        {
            var feeds = new FeedDict();
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor value = values[i].Clone();
                if (i == moved)
                    value.MutableData<float>()[element] += by;
                feeds.Add(inputs[i], value);
            }

            return session.Run(loss, feeds).Item<float>();
        }

        var plain = new FeedDict();
        for (int i = 0; i < inputs.Length; i++)
            plain.Add(inputs[i], values[i]);
        for (int i = 0; i < inputs.Length; i++)
        {
            float[] found = session.Run(gradients[i]!, plain).ToArray<float>();
            Assert.Equal(values[i].Count, found.Length);
            for (int element = 0; element < found.Length; element++)
                Assert.Equal((Loss(i, element, 0.01f) - Loss(i, element, -0.01f)) / 0.02f, found[element], 3e-3f);
        }
    }

    [Fact]
    public void The_gradient_of_a_gated_cell_is_what_central_differences_give()
    {
        var graph = new Graph();
        Shape[] shapes = [[2, 3], [2, 2], [5, 4], [5, 2], [4], [2]];
        Output[] inputs = [.. shapes.Select(s => graph.Placeholder(DType.Float32, s))];
        Operation cell = graph.AddOperation("GRUBlockCell", null, null, [.. inputs.Select(static i => (Operand)i)]);
        Output arriving = Numbers(graph, 20, 2, 2);
        Operation gradient = graph.AddOperation("GRUBlockCellGrad", null, null, [.. inputs.Select(static i => (Operand)i), cell[0], cell[1], cell[2], arriving]);
        Output loss = graph.ReduceSum(cell[3] * arriving);
        using var session = new Session(graph);
        Tensor[] values = [.. shapes.Select((s, i) => Values(i + 1, s))];
        FeedDict Feeds(int moved = -1, int element = 0, float by = 0)
        {
            var feeds = new FeedDict();
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor value = values[i].Clone();
                if (i == moved)
                    value.MutableData<float>()[element] += by;
                feeds.Add(inputs[i], value);
            }

            return feeds;
        }

        Tensor[] found = [.. session.Run([.. gradient.Outputs.Select(static o => (Fetch)o)], Feeds()).Select(static t => t!)];
        float Slope(int input, int element) =>
            (session.Run(loss, Feeds(input, element, 1e-2f)).Item<float>() - session.Run(loss, Feeds(input, element, -1e-2f)).Item<float>()) / 2e-2f;
        for (int i = 0; i < 6; i++)
            Assert.Equal(Slope(0, i), found[0].Data<float>()[i], 5e-4f);
        for (int i = 0; i < 4; i++)
            Assert.Equal(Slope(1, i), found[1].Data<float>()[i], 5e-4f);
        for (int k = 0; k < 2; k++)
            Assert.Equal(Slope(5, k), found[2].Data<float>()[k] + found[2].Data<float>()[2 + k], 5e-4f);
        for (int k = 0; k < 4; k++)
            Assert.Equal(Slope(4, k), found[3].Data<float>()[k] + found[3].Data<float>()[4 + k], 5e-4f);
    }

    private static Output Numbers(Graph graph, int seed, params long[] shape) => graph.Constant(Values(seed, shape));

    private static Tensor Values(int seed, Shape shape)
    {
        float[] values = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => MathF.Sin((seed * 1.7f) + (i * 2.3f)) * 0.8f)];
        return Tensor.Of<float>(shape, values);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (int i = 0; i < expected.Count; i++)
            Assert.Equal(expected.Data<float>()[i], actual.Data<float>()[i], 1e-5f);
    }
}
