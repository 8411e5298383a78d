using NotebookPersist.Execution;
using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>Branches that run side by side give what they give one after the other: values, errors, traces.</summary>
public sealed class BranchTests
{
    private const int Channels = 64;

    private readonly Graph _graph = new();

    [Fact]
    public void Branches_that_meet_in_one_operation_run_side_by_side_and_give_the_same()
    {
        Output x = _graph.Placeholder(DType.Float32, [2, 14, 14, Channels], "x");
        Output y = Block(Block(x));
        RunPlan plan = RunPlan.Compile(_graph, [y], [], [x], optimizes: true, threads: 2);
        RunPlan.Step[] groups = [.. plan.Steps.Where(static s => s.Branches.Length > 0)];
        Assert.Equal([4, 4], groups.Select(static g => g.Branches.Length));
        Assert.Equal([1, 2, 2, 2], groups[0].Branches.Select(static b => b.Length));
        Assert.DoesNotContain(RunPlan.Compile(_graph, [y], [], [x], optimizes: true, threads: 1).Steps, static s => s.Branches.Length > 0);

        using var two = new Session(_graph, new SessionOptions { ThreadCount = 2 });
        using var one = new Session(_graph, new SessionOptions { ThreadCount = 1 });
        two.Run(_graph.GlobalVariablesInitializer());
        one.Run(_graph.GlobalVariablesInitializer());
        for (int run = 0; run < 20; run++)
        {
            var feeds = new FeedDict { [x] = Numbers([2, 14, 14, Channels], run) };
            Assert.Equal(one.Run(y, feeds).ToArray<float>(), two.Run(y, feeds).ToArray<float>());
        }
    }

    [Fact]
    public void A_value_that_is_fetched_from_within_a_branch_is_there_too()
    {
        Output x = _graph.Placeholder(DType.Float32, [2, 14, 14, Channels], "x");
        Output inner = Layer(x, 1);
        Output y = _graph.Concat([(Operand)Layer(inner, 3), (Operand)Layer(x, 3), (Operand)Layer(x, 1)], 3);
        using var two = new Session(_graph, new SessionOptions { ThreadCount = 2 });
        using var one = new Session(_graph, new SessionOptions { ThreadCount = 1 });
        two.Run(_graph.GlobalVariablesInitializer());
        one.Run(_graph.GlobalVariablesInitializer());
        var feeds = new FeedDict { [x] = Numbers([2, 14, 14, Channels], 1) };
        Tensor?[] expected = one.Run([y, inner, x], feeds);
        Tensor?[] found = two.Run([y, inner, x], feeds);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i]!.ToArray<float>(), found[i]!.ToArray<float>());
    }

    [Fact]
    public void Small_or_unequal_branches_and_such_of_unknown_size_run_one_after_the_other()
    {
        Output small = _graph.Placeholder(DType.Float32, [1, 3, 3, Channels], "small");
        Output unknown = _graph.Placeholder(DType.Float32, [-1, 14, 14, Channels], "unknown");
        Output uneven = _graph.Placeholder(DType.Float32, [2, 14, 14, Channels], "uneven");
        Output heavy = Layer(Layer(Layer(uneven, 3), 3), 3);
        Output[] results = [Block(small), Block(unknown), _graph.Concat([(Operand)heavy, (Operand)Layer(uneven, 1)], 3)];
        Output[] fed = [small, unknown, uneven];
        for (int i = 0; i < results.Length; i++)
            Assert.DoesNotContain(RunPlan.Compile(_graph, [results[i]], [], [fed[i]], optimizes: true, threads: 2).Steps, static s => s.Branches.Length > 0);
    }

    [Fact]
    public void What_has_effects_between_branches_keeps_them_apart()
    {
        Output x = _graph.Placeholder(DType.Float32, [2, 14, 14, Channels], "x");
        Variable count = _graph.Variable(0f, name: "count");
        Output first = Layer(x, 3);
        Output step = count.AssignAdd(1f);
        Output second = Layer(x, 3);
        Output y = _graph.Concat([(Operand)first, (Operand)second], 3);
        Assert.DoesNotContain(RunPlan.Compile(_graph, [y, step], [], [x], optimizes: true, threads: 2).Steps, static s => s.Branches.Length > 0);
        Assert.Contains(RunPlan.Compile(_graph, [y], [], [x], optimizes: true, threads: 2).Steps, static s => s.Branches.Length > 0);
    }

    [Fact]
    public void The_error_is_that_of_the_earliest_operation_whichever_branch_fails_first()
    {
        Output x = _graph.Placeholder(DType.Float32, [2, 14, 14, Channels], "x");
        Output bad = _graph.Placeholder(DType.Float32, name: "bad");
        Output late = _graph.Conv2D(Layer(x, 3), bad, [1, 1, 1, 1], "SAME", name: "first_in_the_graph");
        Output soon = _graph.Relu(_graph.Conv2D(x, bad, [1, 1, 1, 1], "SAME", name: "second"));
        Output other = Layer(Layer(x, 3), 3);
        Output y = _graph.Concat([(Operand)late, (Operand)soon, (Operand)other], 3);
        Assert.Contains(RunPlan.Compile(_graph, [y], [], [x, bad], optimizes: true, threads: 2).Steps, static s => s.Branches.Length > 0);
        using var session = new Session(_graph, new SessionOptions { ThreadCount = 2 });
        session.Run(_graph.GlobalVariablesInitializer());
        var feeds = new FeedDict { [x] = Numbers([2, 14, 14, Channels], 1), [bad] = Numbers([1, 1, 3, 4], 1) };
        for (int run = 0; run < 5; run++)
            Assert.Equal("first_in_the_graph", Assert.Throws<RunException>(() => session.Run(y, feeds)).NodeName);

        // What was interrupted leaves nothing behind.
        feeds[bad] = Numbers([1, 1, Channels, 4], 1);
        Assert.Equal(4 + 4 + Channels, session.Run(y, feeds).Shape[3]);
    }

    [Fact]
    public void A_trace_names_every_operation_once_and_tells_those_that_ran_at_the_same_time_apart()
    {
        Output x = _graph.Placeholder(DType.Float32, [2, 14, 14, Channels], "x");
        Output y = Block(x);
        using var session = new Session(_graph, new SessionOptions { ThreadCount = 2 });
        session.Run(_graph.GlobalVariablesInitializer());
        var metadata = new RunMetadata();
        session.Run([y], new() { [x] = Numbers([2, 14, 14, Channels], 1) }, new RunOptions { TraceLevel = TraceLevel.FullTrace }, metadata);
        NodeStats[] nodes = [.. metadata.StepStats!.Nodes];
        Assert.Equal(nodes.Length, nodes.Select(static n => n.Name).Distinct().Count());
        Assert.Equal([0, 1, 2, 3], nodes.Select(static n => n.Lane).Distinct().Order());
        Assert.All(nodes, static n => Assert.True(n.Start >= TimeSpan.Zero && n.Duration >= TimeSpan.Zero));
        NodeStats join = nodes.Single(static n => n.OpType == "ConcatV2");
        Assert.All(nodes.Where(static n => n.OpType is "Conv2D" or "_FusedConv2D"), n => Assert.True(n.Start + n.Duration <= join.Start));
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        Output x = _graph.Placeholder(DType.Float32, [2, 14, 14, Channels], "x");
        Output y = Block(x);
        using var session = new Session(_graph, new SessionOptions { ThreadCount = 2 });
        session.Run(_graph.GlobalVariablesInitializer());
        using var source = new CancellationTokenSource();
        source.Cancel();
        var feeds = new FeedDict { [x] = Numbers([2, 14, 14, Channels], 1) };
        Assert.Throws<OperationCanceledException>(() => session.Run(y, feeds, source.Token));
        Assert.Equal(4 * Channels, session.Run(y, feeds).Shape[3]);
    }

    private static Tensor Numbers(Shape shape, int seed)
    {
        var random = new Random(seed);
        Tensor tensor = Tensor.Uninitialized(DType.Float32, shape);
        foreach (ref float value in tensor.MutableData<float>())
            value = (float)(random.NextDouble() - 0.5);
        return tensor;
    }

    // Four ways through an image, as Inception has them; 256 channels come in the second time.
    private Output Block(Output x) => _graph.Concat(
        [(Operand)Layer(x, 1), (Operand)Layer(Layer(x, 1), 3), (Operand)Layer(Layer(x, 1), 3), (Operand)Layer(_graph.MaxPool(x, [1, 3, 3, 1], [1, 1, 1, 1], "SAME"), 1)],
        3);

    private Output Layer(Output x, int window) => _graph.Relu(_graph.BiasAdd(
        _graph.Conv2D(x, _graph.Variable(_graph.TruncatedNormal(new long[] { window, window, x.Shape[3], Channels }, stddev: 0.1f, seed: 1)).Value, [1, 1, 1, 1], "SAME"),
        _graph.Variable(new float[Channels]).Value));
}
