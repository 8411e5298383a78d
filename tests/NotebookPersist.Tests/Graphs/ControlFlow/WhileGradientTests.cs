using Xunit;

namespace NotebookPersist.Tests.Graphs.ControlFlow;

/// <summary>Gradients of loops: known results, and central differences.</summary>
public sealed class WhileGradientTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void The_gradient_of_repeated_squaring_is_known()
    {
        // x^16, as in TensorFlow's own test: 2^16 = 65536 and 16 * 2^15 = 524288 by squaring 4 times.
        Output x = _graph.Placeholder(DType.Float64, Shape.Scalar, "x");
        Output y = _graph.WhileLoop(v => _graph.Less(v, 40000.0), v => _graph.Square(v), x);
        Output gradient = _graph.Gradients(y, x)[0]!;
        using var session = new Session(_graph);
        Assert.Equal(65536.0, session.Run(y, new FeedDict { { x, 2.0 } }).Item<double>());
        Assert.Equal(524288.0, session.Run(gradient, new FeedDict { { x, 2.0 } }).Item<double>());
        foreach (string name in new[] { "gradients/f_count", "gradients/b_count", "gradients/f_count_1", "gradients/b_count_2", "gradients/while/Exit_grad/b_exit", "gradients/while/Switch_grad/b_switch" })
            Assert.True(_graph.TryGetOperation(name, out _), name);
    }

    [Fact]
    public void Shared_values_gather_their_gradient_from_all_iterations()
    {
        Check(new[] { 0.5, -1.25, 2.0 }, x => _graph.WhileLoop(
            v => _graph.Less((Output)v[0], 4),
            v => [_graph.Add((Output)v[0], 1), _graph.Multiply((Output)v[1], x) + _graph.Tanh(x)],
            [_graph.Constant(0), _graph.Constant(new[] { 1.0, 1.0, 1.0 })])[1]);
    }

    [Fact]
    public void Shared_values_of_unknown_shape_gather_too()
    {
        Check(
            new[] { 0.5, -1.25, 2.0 },
            x => _graph.WhileLoop(
                v => _graph.Less((Output)v[0], 3),
                v => [_graph.Add((Output)v[0], 1), _graph.Multiply((Output)v[1], x)],
                [_graph.Constant(0), _graph.Identity(x)])[1],
            Shape.Unknown);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Branches_within_loops_are_gone_back_through(bool isKnown)
    {
        Check(
            new[] { 0.7, -0.4 },
            x => _graph.WhileLoop(
                v => _graph.Less((Output)v[0], 5),
                v =>
                {
                    Output i = v[0], y = v[1];
                    Output next = _graph.Cond(_graph.Equal(_graph.FloorMod(i, 2), 0), () => _graph.Multiply(y, x), () => _graph.Sin(y) + x);
                    next.SetShape(y.Shape);
                    return [_graph.Add(i, 1), next];
                },
                [_graph.Constant(0), _graph.Identity(x)],
                isKnown ? null : [Shape.Scalar, Shape.Unknown])[1],
            isKnown ? null : Shape.Unknown);
    }

    [Fact]
    public void Loops_within_loops_are_gone_back_through()
    {
        Check(new[] { 0.9, 1.1 }, x => _graph.WhileLoop(
            v => _graph.Less((Output)v[0], 3),
            v =>
            {
                Output i = v[0];
                IReadOnlyList<LoopVariable> inner = _graph.WhileLoop(
                    w => _graph.Less((Output)w[0], i + 1),
                    w => [_graph.Add((Output)w[0], 1), _graph.Multiply((Output)w[1], x) + _graph.Square((Output)w[1]) * 0.1],
                    [_graph.Constant(0), v[1]]);
                return [_graph.Add(i, 1), _graph.Tanh((Output)inner[1])];
            },
            [_graph.Constant(0), _graph.Identity(x)])[1]);
    }

    [Fact]
    public void A_variable_whose_next_value_is_new_passes_nothing_on()
    {
        Check(new[] { 0.3, 0.8 }, x =>
        {
            IReadOnlyList<LoopVariable> results = _graph.WhileLoop(
                v => _graph.Less((Output)v[0], 3),
                v => [_graph.Add((Output)v[0], 1), _graph.Square(x), _graph.Add((Output)v[2], (Output)v[1])],
                [_graph.Constant(0), _graph.Identity(x), _graph.Identity(x)]);
            return _graph.Add((Output)results[1], (Output)results[2]);
        });
    }

    [Fact]
    public void Arrays_written_in_loops_are_gone_back_through()
    {
        Check(new[] { 0.5, -1.0, 1.5 }, x =>
        {
            var input = new TensorArray(_graph, DType.Float64, 3);
            input = input.Unstack(x);
            var output = new TensorArray(_graph, DType.Float64, 3);
            IReadOnlyList<LoopVariable> results = _graph.WhileLoop(
                v => _graph.Less((Output)v[0], 3),
                v =>
                {
                    Output state = _graph.Tanh(_graph.Add((Output)v[1], input.Read((Output)v[0])));
                    return [_graph.Add((Output)v[0], 1), state, ((TensorArray)v[2]).Write((Output)v[0], state)];
                },
                [_graph.Constant(0), _graph.Constant(0.25, DType.Float64), output]);
            return ((TensorArray)results[2]).ToArray();
        });
    }

    [Fact]
    public void A_loop_can_refuse_to_be_gone_back_through()
    {
        Output x = _graph.Placeholder(DType.Float64, Shape.Scalar);
        Output y = _graph.WhileLoop(v => _graph.Less(v, 100.0), v => _graph.Square(v), x, backProp: false);
        Assert.Null(_graph.Gradients(y, x)[0]);
    }

    // As it was built, and as it is known from its stored nodes alone.
    private void Check(double[] at, Func<Output, Output> build, Shape? shape = null)
    {
        Output x = _graph.Placeholder(DType.Float64, shape ?? new[] { at.Length }, "x");
        Output y = _graph.ReduceSum(build(x));
        var imported = new Graph();
        imported.ImportGraphDef(_graph.ToGraphDef(), "");
        Check(at, x, y);
        Check(at, imported.GetTensorByName(x.Name), imported.GetTensorByName(y.Name));
    }

    private static void Check(double[] at, Output x, Output y)
    {
        Output gradient = x.Graph.Gradients(y, x)[0]!;
        using var session = new Session(x.Graph);
        double[] found = session.Run(gradient, new FeedDict { { x, at } }).ToArray<double>();
        for (int i = 0; i < at.Length; i++)
        {
            const double Step = 1e-5;
            double[] above = [.. at], below = [.. at];
            above[i] += Step;
            below[i] -= Step;
            double expected = (session.Run(y, new FeedDict { { x, above } }).Item<double>() - session.Run(y, new FeedDict { { x, below } }).Item<double>()) / (2 * Step);
            Assert.Equal(expected, found[i], 1e-7 * Math.Max(1, Math.Abs(expected)));
        }
    }
}
