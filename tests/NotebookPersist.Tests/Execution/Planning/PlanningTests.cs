using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Execution.Planning;

/// <summary>Plans with their passes give what plans without them give, and run less.</summary>
public sealed class PlanningTests
{
    private static readonly SessionOptions Plain = new() { OptimizesPlans = false };
    private readonly Graph _graph = new();

    // Also a filter: [3, 3, 3, channels] of three input channels.
    private static float[,,,] Image(int batch, int size, int channels)
    {
        var random = new Random(7);
        float[,,,] image = new float[batch, size, size, channels];
        for (int n = 0; n < batch; n++)
        {
            for (int y = 0; y < size; y++)
            {
                for (int x = 0; x < size; x++)
                {
                    for (int c = 0; c < channels; c++)
                        image[n, y, x, c] = (float)(random.NextDouble() - 0.5);
                }
            }
        }

        return image;
    }

    private static Tensor Numbers(Shape shape, int seed)
    {
        var random = new Random(seed);
        Tensor tensor = Tensor.Uninitialized(DType.Float32, shape);
        foreach (ref float value in tensor.MutableData<float>())
            value = (float)(random.NextDouble() - 0.5);
        return tensor;
    }

    // What ran, after comparing all fetched values with those of a plain session.
    private string[] Run(IReadOnlyList<Fetch> fetches, FeedDict? feeds = null, float tolerance = 0)
    {
        using var optimized = new Session(_graph);
        using var plain = new Session(_graph, Plain);
        Tensor?[] expected = plain.Run(fetches, feeds);
        var metadata = new RunMetadata();
        Tensor?[] actual = optimized.Run(fetches, feeds, new RunOptions { TraceLevel = TraceLevel.FullTrace }, metadata);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i]?.Shape, actual[i]?.Shape);
            if (expected[i] is not { } tensor)
                continue;
            for (int k = 0; k < tensor.Count; k++)
                Assert.Equal(tensor.ItemAt<float>(k), actual[i]!.ItemAt<float>(k), tolerance);
        }

        return [.. metadata.StepStats!.Nodes.Select(static n => n.OpType)];
    }

    [Fact]
    public void A_gradient_that_others_only_wait_for_is_not_computed()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 3], name: "x");
        Variable w = _graph.Variable(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }, name: "w");
        Output loss = _graph.ReduceSum(_graph.MatMul(x, w.Value));
        Operation step = new GradientDescentOptimizer(0.1f).Minimize(loss);
        float[,] fed = { { 1, 0, 2 }, { 0, 1, 1 } };
        using var optimized = new Session(_graph);
        using var plain = new Session(_graph, Plain);

        // The product itself, and the gradients towards both factors.
        Assert.Equal(3, Products(plain));
        Assert.Equal(2, Products(optimized));
        Assert.Equal(plain.Run(w).ToArray<float>(), optimized.Run(w).ToArray<float>());

        int Products(Session session)
        {
            var metadata = new RunMetadata();
            session.Run(w.Initializer);
            session.Run([step], new() { [x] = fed }, new RunOptions { TraceLevel = TraceLevel.FullTrace }, metadata);
            return metadata.StepStats!.Nodes.Count(static n => n.OpType == "MatMul");
        }
    }

    [Fact]
    public void A_check_that_others_wait_for_is_made()
    {
        Output x = _graph.Placeholder(DType.Float32, [1], name: "x");
        Output check = _graph.AddOperation("CheckNumerics", null, new AttributeList { { "message", "bad" } }, x)[0];
        Output y;
        using (_graph.ControlDependencies([check.Operation]))
            y = _graph.Identity(_graph.Constant(1f));
        using var session = new Session(_graph);
        Assert.Throws<RunException>(() => session.Run(y, new() { [x] = new[] { float.NaN } }));
        Assert.Equal(1f, session.Run(y, new() { [x] = new[] { 1f } }).ItemAt<float>(0));
    }

    [Fact]
    public void An_operation_that_was_asked_for_runs_though_nobody_reads_its_result()
    {
        Output x = _graph.Placeholder(DType.Float32, [2], name: "x");
        Operation square = _graph.Square(x).Operation;
        var metadata = new RunMetadata();
        using var session = new Session(_graph);
        session.Run([square], new() { [x] = new[] { 1f, 2f } }, new RunOptions { TraceLevel = TraceLevel.FullTrace }, metadata);
        Assert.Equal(["Square"], metadata.StepStats!.Nodes.Select(static n => n.OpType));
    }

    [Fact]
    public void What_depends_on_constants_alone_is_computed_once()
    {
        Output x = _graph.Placeholder(DType.Float32, [2], name: "x");
        Output scale = _graph.Exp(_graph.Add(_graph.Constant(1f), 2f));
        Output y = _graph.Multiply(x, scale);
        Assert.Equal(["Mul"], Run([y], new() { [x] = new[] { 1f, 2f } }));
        Assert.Empty(Run([scale]));
    }

    [Fact]
    public void A_folded_value_belongs_to_whoever_fetched_it()
    {
        Output y = _graph.Add(_graph.Constant(1f), 2f);
        using var session = new Session(_graph);
        Tensor first = session.Run(y);
        first.MutableData<float>()[0] = 100;
        Assert.Equal(3f, (float)session.Run(y));
    }

    [Fact]
    public void Random_numbers_are_drawn_in_every_run()
    {
        Output random = _graph.RandomUniform(Shape.Create([8]), seed: 3);
        Output other = _graph.RandomUniform(Shape.Create([8]), seed: 3);
        Output sum = _graph.Add(random, other);
        using var session = new Session(_graph);
        using var plain = new Session(_graph, Plain);
        float[][] values = [session.Run(sum).ToArray<float>(), session.Run(sum).ToArray<float>()];
        Assert.NotEqual(values[0], values[1]);
        Assert.Equal(plain.Run(sum).ToArray<float>(), values[0]);
        Assert.Equal(plain.Run(sum).ToArray<float>(), values[1]);
    }

    [Fact]
    public void The_state_of_an_operation_is_one_in_all_plans()
    {
        Output random = _graph.RandomUniform(Shape.Create([4]), seed: 5);
        // Behind an identity the random operation's follower is a copy; the generator is not.
        Output a = _graph.Add(_graph.Identity(random), 0f);
        Output b = _graph.Multiply(_graph.Identity(random), 1f);
        using var session = new Session(_graph);
        using var plain = new Session(_graph, Plain);
        Assert.Equal(plain.Run(a).ToArray<float>(), session.Run(a).ToArray<float>());
        Assert.Equal(plain.Run(b).ToArray<float>(), session.Run(b).ToArray<float>());
        Assert.Equal(plain.Run(a).ToArray<float>(), session.Run(a).ToArray<float>());
    }

    [Fact]
    public void The_same_expression_is_computed_once()
    {
        Output x = _graph.Placeholder(DType.Float32, [2], name: "x"); // Too small to be joined.
        Output left = _graph.Exp(_graph.Multiply(x, 3f));
        Output right = _graph.Exp(_graph.Multiply(x, 3f));
        Output other = _graph.Exp(_graph.Multiply(x, 4f));
        string[] ran = Run([_graph.Add(_graph.Add(left, right), other), left, right], new() { [x] = new[] { 0.1f, 0.2f } });
        Assert.Equal(2, ran.Count(static t => t == "Exp"));
        Assert.Equal(2, ran.Count(static t => t == "Mul"));
    }

    [Fact]
    public void A_variable_is_read_when_its_reader_says_so()
    {
        Variable v = _graph.Variable(1f, name: "v");
        Output before = _graph.Identity(v.Reference);
        Output assigned;
        using (_graph.ControlDependencies(before))
            assigned = v.AssignAdd(10f);
        Output after;
        using (_graph.ControlDependencies(assigned))
            after = _graph.Identity(v.Reference);
        foreach (SessionOptions options in (SessionOptions[])[new(), Plain])
        {
            using var session = new Session(_graph, options);
            session.Run(_graph.GlobalVariablesInitializer($"init{options.OptimizesPlans}"));
            Assert.Equal(11f, (float)session.Run([_graph.Add(_graph.Identity(after), 0f)])[0]!);
        }
    }

    [Theory]
    [InlineData("Relu", "NHWC")]
    [InlineData("Relu6", "NHWC")]
    [InlineData("Elu", "NHWC")]
    [InlineData(null, "NHWC")]
    [InlineData("Relu", "NCHW")]
    public void A_convolution_takes_bias_and_activation_along(string? activation, string format)
    {
        Output x = _graph.Placeholder(DType.Float32, name: "x");
        Output y = _graph.BiasAdd(_graph.Conv2D(x, Image(3, 3, 5), [1, 1, 1, 1], "SAME", format), new[] { 0.1f, -0.2f, 0.3f, 0f, 7f }, format);
        if (activation is not null)
            y = _graph.AddOperation(activation, "last", null, y)[0];
        Assert.Equal(["_FusedConv2D"], Run([y], new() { [x] = Image(2, 3, 3) }, 1e-6f));
    }

    [Theory]
    [InlineData("VALID", 9, 9, true)]
    [InlineData("VALID", 14, 8, true)]
    [InlineData("SAME", 8, 12, true)]
    [InlineData("SAME", 9, 8, false)]
    public void A_convolution_takes_the_pool_behind_it_along(string padding, int height, int width, bool joins)
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, height, width, 9], name: "x");
        Output filter = _graph.Constant(Numbers([3, 3, 9, 10], 1));
        Output sums = _graph.BiasAdd(_graph.Conv2D(x, filter, [1, 1, 1, 1], "SAME"), Numbers([10], 2));
        var feeds = new FeedDict { [x] = Numbers([2, height, width, 9], 3) };
        Output pooled = _graph.MaxPool(_graph.Relu(sums), [1, 2, 2, 1], [1, 2, 2, 1], padding);
        Assert.Equal(joins ? ["_FusedConv2DMaxPool"] : ["_FusedConv2D", "MaxPool"], Run([pooled], feeds, 1e-5f));
        Output elu = _graph.MaxPool(_graph.AddOperation("Elu", null, null, sums)[0], [1, 2, 2, 1], [1, 2, 2, 1], padding);
        Assert.Equal(joins ? ["_FusedConv2DMaxPool"] : ["_FusedConv2D", "MaxPool"], Run([elu], feeds, 1e-5f));

        // The plain path of the joined operation.
        using var exact = new Session(_graph, new SessionOptions { ExactConvolution = true });
        using var plain = new Session(_graph, new SessionOptions { ExactConvolution = true, OptimizesPlans = false });
        Assert.Equal(plain.Run(pooled, feeds).ToArray<float>(), exact.Run(pooled, feeds).ToArray<float>());
    }

    [Fact]
    public void A_pool_whose_input_is_seen_stays_by_itself()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 8, 8, 9], name: "x");
        Output sums = _graph.Relu(_graph.BiasAdd(_graph.Conv2D(x, _graph.Constant(Numbers([3, 3, 9, 10], 1)), [1, 1, 1, 1], "SAME"), Numbers([10], 2)));
        Output pooled = _graph.MaxPool(sums, [1, 2, 2, 1], [1, 2, 2, 1], "VALID");
        Assert.Equal(["_FusedConv2D", "MaxPool"], Run([pooled, sums], new() { [x] = Numbers([1, 8, 8, 9], 3) }, 1e-5f));
        Assert.Equal(["MaxPool"], Run([pooled], new() { [sums] = Numbers([1, 8, 8, 10], 4) }));
    }

    [Fact]
    public void A_product_takes_bias_and_activation_along()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 4], name: "x");
        Output product = _graph.MatMul(x, new float[,] { { 1, -2, 3 }, { 4, 5, -6 }, { 7, 8, 9 }, { -1, -1, -1 } });
        Output y = _graph.Relu(_graph.Add(product, new[] { 0.5f, -100f, 1f }));
        Output z = _graph.BiasAdd(_graph.MatMul(y, new float[3, 2] { { 1, 2 }, { 3, 4 }, { 5, 6 } }), new[] { 1f, 2f });
        Assert.Equal(["_FusedMatMul", "_FusedMatMul"], Run([z], new() { [x] = new float[,] { { 1, 2, 3, 4 }, { -1, -2, -3, float.NaN } } }, 1e-5f));
    }

    [Fact]
    public void What_somebody_else_sees_is_not_fused_away()
    {
        Output x = _graph.Placeholder(DType.Float32, [1, 2], name: "x");
        Output product = _graph.MatMul(x, new float[2, 2] { { 1, 2 }, { 3, 4 } });
        Output biased = _graph.BiasAdd(product, new[] { 1f, 2f });
        Output y = _graph.Relu(biased);
        var feeds = new FeedDict { [x] = new float[,] { { 1, -2 } } };
        Assert.Equal(["_FusedMatMul"], Run([y], feeds));
        Assert.Equal(["_FusedMatMul", "Relu"], Run([y, biased], feeds));
        Assert.Equal(["MatMul", "BiasAdd", "Relu"], Run([y, product, biased], feeds));
        Assert.Equal(["Relu"], Run([y], new() { [biased] = new float[,] { { 5, -5 } } }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batch_normalisation_of_inference_goes_into_a_constant_filter(bool hasBias)
    {
        Output x = _graph.Placeholder(DType.Float32, name: "x");
        Output y = _graph.Conv2D(x, Image(3, 3, 4), [1, 2, 2, 1], "VALID");
        if (hasBias)
            y = _graph.BiasAdd(y, new[] { 1f, -1f, 0.5f, 2f });
        y = _graph.FusedBatchNorm(y, new[] { 1f, 2f, 0.5f, -1f }, new[] { 0f, 1f, 2f, 3f }, new[] { 0.1f, 0.2f, -0.3f, 0f }, new[] { 1f, 0.5f, 2f, 0.01f }, isTraining: false).Y;
        Assert.Equal(["_FusedConv2D"], Run([_graph.Relu(y)], new() { [x] = Image(2, 3, 3) }, 1e-5f));
    }

    [Fact]
    public void Errors_name_the_node_that_the_user_made()
    {
        Output x = _graph.Placeholder(DType.Float32, name: "x");
        Output y = _graph.Relu(_graph.BiasAdd(_graph.Conv2D(x, Image(3, 3, 4), [1, 1, 1, 1], "SAME"), new[] { 1f, 2f, 3f, 4f }), "activation");
        using var session = new Session(_graph);
        RunException fault = Assert.Throws<RunException>(() => session.Run(y, new() { [x] = new float[1, 2, 2, 5] }));
        Assert.Equal("activation", fault.NodeName);
        Assert.Contains("input depth", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_fails_while_plans_are_made_fails_in_the_run_under_its_own_name()
    {
        Output broken = _graph.AddOperation("CheckNumerics", "broken", new AttributeList { { "message", "of a constant" } }, _graph.Constant(float.NaN))[0];
        using var session = new Session(_graph);
        RunException fault = Assert.Throws<RunException>(() => session.Run(_graph.Add(broken, 1f)));
        Assert.Equal("broken", fault.NodeName);
    }

    [Fact]
    public void Fused_operations_run_by_themselves_as_imported_graphs_have_them()
    {
        Output x = _graph.Placeholder(DType.Float32, name: "x");
        var filter = (Operand)Image(3, 3, 2);
        Output plain = _graph.Relu(_graph.FusedBatchNorm(_graph.Conv2D(x, filter, [1, 1, 1, 1], "SAME"), new[] { 1f, 2f }, new[] { 3f, 4f }, new[] { 0.5f, 0.25f }, new[] { 2f, 3f }, 0.01f, isTraining: false).Y);
        Output fused = _graph.AddOperation(
            "_FusedConv2D",
            "fused",
            new AttributeList { { "strides", (IEnumerable<int>)[1, 1, 1, 1] }, { "padding", "SAME" }, { "fused_ops", (IEnumerable<string>)["FusedBatchNorm", "Relu"] }, { "epsilon", 0.01f }, { "num_args", 4L } },
            x, filter, new[] { 1f, 2f }, new[] { 3f, 4f }, new[] { 0.5f, 0.25f }, new[] { 2f, 3f })[0];
        using var session = new Session(_graph, Plain);
        Tensor?[] values = session.Run([plain, fused], new() { [x] = Image(1, 3, 3) });
        for (int i = 0; i < values[0]!.Count; i++)
            Assert.Equal(values[0]!.ItemAt<float>(i), values[1]!.ItemAt<float>(i), 1e-5f);

        Output unknown = _graph.AddOperation("_FusedMatMul", "unknown", new AttributeList { { "fused_ops", (IEnumerable<string>)["Sigmoid"] }, { "num_args", 0L } }, new float[1, 1], new float[1, 1])[0];
        Assert.Contains("Fusion is not implemented: [Sigmoid]", Assert.Throws<RunException>(() => session.Run(unknown)).Message, StringComparison.Ordinal);
    }
}
