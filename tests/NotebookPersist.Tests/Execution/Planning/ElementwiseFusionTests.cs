using NotebookPersist.Execution;
using Xunit;

namespace NotebookPersist.Tests.Execution.Planning;

/// <summary>Chains of operations joined into one give the same bits, and the same errors, as the operations one by one.</summary>
public sealed class ElementwiseFusionTests
{
    private static readonly int[] Sizes = [0, 1, 3, 7, 8, 17, 2047, 2048, 2049, 4095, 4097, 70_001, 131_074];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Joined_operations_give_the_same_bits(int threads)
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1]);
        Output y = graph.Placeholder(DType.Float32, [-1]);
        Output[] chains =
        [
            graph.Relu((x * 1.7f) + 0.3f),
            graph.Tanh(graph.Exp(-graph.Square(x)) * y) / (1f + graph.Abs(y)),
            graph.Log1p(graph.Exp(-graph.Abs(x))) + graph.Maximum(x, 0f) - (x * y),
            (0.9f * x) + (0.1f * graph.Square(y)),
            graph.Sqrt(graph.Sigmoid(graph.Tanh(x) + y) + 1e-8f),
            graph.AddOperation("ReluGrad", null, null, x * 2f, y + 1f)[0],
        ];
        using var joined = new Session(graph, new SessionOptions { ThreadCount = threads });
        using var single = new Session(graph, new SessionOptions { OptimizesPlans = false, ThreadCount = 1 });
        foreach (int size in Sizes)
        {
            var feeds = new FeedDict { [x] = Values(size, 1), [y] = Values(size, 2) };
            foreach (Output chain in chains)
                Assert.Equal(Bits(single.Run(chain, feeds)), Bits(joined.Run(chain, feeds)));
        }
    }

    [Fact]
    public void Operands_that_are_repeated_give_the_same_bits()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32);
        Output row = graph.Placeholder(DType.Float32);
        Output one = graph.Placeholder(DType.Float32);
        Output y = graph.Sigmoid((x * row) + one) - graph.Exp(row + one);
        using var joined = new Session(graph);
        using var single = new Session(graph, new SessionOptions { OptimizesPlans = false });
        (Shape X, Shape Row, Shape One)[] cases =
        [
            ([300, 10], [10], []), ([10, 3000], [3000], [1]), ([3, 5, 7], [7], [1, 1]), ([5], [5], [1, 1, 1]), ([4, 1], [6], []), ([4, 6], [1, 6], [4, 1]),
            ([2, 0], [0], []), ([1, 9], [9], []), ([], [7], [1]), ([2, 3, 4], [3, 1], [2, 1, 1]), ([1], [1], [1]),
        ];
        foreach ((Shape xs, Shape rows, Shape ones) in cases)
        {
            var feeds = new FeedDict { [x] = Values((int)xs.ElementCount, 1).Reshaped(xs), [row] = Values((int)rows.ElementCount, 2).Reshaped(rows), [one] = Values((int)ones.ElementCount, 3).Reshaped(ones) };
            Tensor expected = single.Run(y, feeds);
            Tensor actual = joined.Run(y, feeds);
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(Bits(expected), Bits(actual));
        }
    }

    [Fact]
    public void A_chain_is_one_step()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1]);
        Output y = graph.Relu((x * 3f) + 1f, name: "last");
        RunPlan plan = RunPlan.Compile(graph, [y], [], [x], optimizes: true);
        RunPlan.Step step = Assert.Single(plan.Steps);
        Assert.Equal(("last", "_FusedElementwise"), (step.Operation.Name, step.Operation.Type));
    }

    [Fact]
    public void What_others_see_is_not_joined()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1]);
        Output between = x * 3f;
        Output y = between + 1f;
        Assert.Equal(2, RunPlan.Compile(graph, [y, between], [], [x], optimizes: true).Steps.Length);
        Assert.Single(RunPlan.Compile(graph, [y], [], [x, between], optimizes: true).Steps);
        using (graph.ControlDependencies(between.Operation))
            graph.NoOp("after");
        Assert.Equal(2, RunPlan.Compile(graph, [y], [graph.GetOperationByName("after")], [x], optimizes: true).Steps.Length);
    }

    [Fact]
    public void A_variable_is_read_before_it_is_changed()
    {
        var graph = new Graph();
        Variable v = graph.Variable(Enumerable.Repeat(1f, 3000).ToArray());
        Output early = v.Value * 10f;
        Operation change = v.Assign(new float[3000]).Operation;
        Output late = early + 1f;
        foreach (bool optimizes in (bool[])[false, true])
        {
            using var session = new Session(graph, new SessionOptions { OptimizesPlans = optimizes });
            session.Run(v.Initializer);
            Assert.All(session.Run([late, change])[0]!.ToArray<float>(), static value => Assert.Equal(11f, value));
        }
    }

    [Fact]
    public void A_users_momentum_is_joined_with_the_variables_it_reads()
    {
        var graph = new Graph();
        float[] ones = Enumerable.Repeat(1f, 3000).ToArray();
        Variable v = graph.Variable(ones);
        Output g = graph.Placeholder(DType.Float32, [3000]);
        Output next = v.Assign((v.Value * 0.5f) + g);
        Assert.Contains(RunPlan.Compile(graph, [next], [], [g], optimizes: true).Steps, static s => s.Operation.Type == "_FusedElementwise");
        using var session = new Session(graph);
        session.Run(v.Initializer);
        session.Run(next, new FeedDict { [g] = ones });
        Assert.All(session.Run(next, new FeedDict { [g] = ones }).ToArray<float>(), static value => Assert.Equal(1.75f, value));
    }

    [Fact]
    public void Operands_that_do_not_fit_are_named()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32);
        Output y = graph.Placeholder(DType.Float32);
        Output sum = graph.Relu(graph.Add(x, y, name: "sum"), name: "activated");
        Output slope = graph.AddOperation("ReluGrad", "slope", null, x * 1f, y)[0];
        using var session = new Session(graph);
        var feeds = new FeedDict { [x] = new float[2, 3], [y] = new float[2] };
        RunException fault = Assert.Throws<RunException>(() => session.Run(sum, feeds));
        Assert.Contains("Incompatible shapes: [2,3] vs. [2]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'sum' (Add", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<RunException>(() => session.Run(slope, new FeedDict { [x] = new float[3], [y] = 1f }));
        Assert.Contains("same size and shape", fault.Message, StringComparison.Ordinal);
    }

    private static Tensor Values(int count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (i % 97) switch { 11 => float.NaN, 23 => float.PositiveInfinity, 31 => -0f, 43 => float.NegativeInfinity, _ => (random.NextSingle() * 8) - 4 };
        return values;
    }

    private static int[] Bits(Tensor tensor) => Array.ConvertAll(tensor.ToArray<float>(), BitConverter.SingleToInt32Bits);
}
