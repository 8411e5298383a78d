using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Rewriting;

public sealed class GraphOptimizerTests
{
    private static readonly float[] Values = [.. Enumerable.Range(0, 4096).Select(static i => MathF.Sin(i * 1.7f))];

    [Theory]
    [InlineData("NHWC", "Conv2D", 1, false)]
    [InlineData("NHWC", "Conv2D", 2, true)]
    [InlineData("NHWC", "Conv2D", 3, false)]
    [InlineData("NHWC", "DepthwiseConv2dNative", 3, true)]
    [InlineData("NHWC", "Conv2D", 0, true)]
    [InlineData("NHWC", "DepthwiseConv2dNative", 0, false)]
    public void A_batch_norm_goes_into_the_weights_before_it(string format, string layerType, int version, bool biased)
    {
        GraphDef before = Normalized(format, layerType, version, biased);
        OptimizedGraph optimized = GraphOptimizer.Optimize(before, ["x"], ["y"]);
        Assert.DoesNotContain(optimized.GraphDef.Node, static n => n.Op.Contains("BatchNorm", StringComparison.Ordinal));
        Assert.Contains(optimized.GraphDef.Node, static n => n is { Op: "BiasAdd", Name: "bn" });
        Assert.Equal(1, optimized.Steps.Single(static s => s.Name.StartsWith("batch norm", StringComparison.Ordinal)).Changed);
        AssertClose(before, optimized.GraphDef, Tensor.Of<float>(new long[] { 2, 5, 5, 3 }, Values.AsSpan(0, 150)));
    }

    [Fact]
    public void A_batch_norm_in_training_mode_stays()
    {
        GraphDef before = Normalized("NHWC", "Conv2D", 3, biased: false);
        before.Node.Single(static n => n.Name == "bn").Attr["is_training"] = new AttrValue { B = true };
        Assert.Contains(GraphOptimizer.Optimize(before, ["x"], ["y"]).GraphDef.Node, static n => n.Op == "FusedBatchNormV3");
    }

    [Fact]
    public void A_batch_norm_whose_convolution_somebody_else_reads_stays()
    {
        GraphDef before = Normalized("NHWC", "Conv2D", 3, biased: false);
        OptimizedGraph optimized = GraphOptimizer.Optimize(before, ["x"], ["y", "conv"]);
        Assert.Contains(optimized.GraphDef.Node, static n => n.Op == "FusedBatchNormV3");
    }

    [Fact]
    public void Weights_that_two_layers_share_are_left_for_the_other()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 1, 4 }, "x");
        Output w = graph.Constant(new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f }, { 7f, 8f } }, name: "w");
        Output scaled = graph.Multiply(graph.MatMul(x, w, name: "a"), graph.Constant(new[] { 2f, -3f }), name: "scaled");
        graph.Add(scaled, graph.MatMul(x, w, name: "b"), name: "y");
        GraphDef before = graph.ToGraphDef();
        OptimizedGraph optimized = GraphOptimizer.Optimize(before, ["x"], ["y"], new OptimizeOptions { MergeDuplicates = false });
        Assert.Equal(2, optimized.GraphDef.Node.Count(static n => n.Op == "MatMul"));
        Assert.DoesNotContain(optimized.GraphDef.Node, static n => n.Op == "Mul");
        AssertClose(before, optimized.GraphDef, Tensor.Of<float>(new long[] { 1, 4 }, Values.AsSpan(0, 4)));
    }

    [Fact]
    public void Training_nodes_go_and_outputs_keep_their_names()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 2 }, "x");
        Operation check = graph.Assert(graph.Constant(true), [x]);
        Output kept;
        using (graph.ControlDependencies(check))
            kept = graph.Identity(graph.StopGradient(graph.CheckNumerics(x, "bad")), "waits");
        graph.Identity(graph.Identity(kept, "inner") + 1f, "y");
        GraphDef before = graph.ToGraphDef();
        OptimizedGraph optimized = GraphOptimizer.Optimize(before, ["x"], ["y"]);
        Assert.Equal(["x", "y"], optimized.GraphDef.Node.Where(static n => n.Op is "Placeholder" or "Identity").Select(static n => n.Name));
        Assert.DoesNotContain(optimized.GraphDef.Node, static n => n.Op is "Assert" or "StopGradient" or "CheckNumerics");
        AssertClose(before, optimized.GraphDef, new[] { 1f, -2f });
    }

    [Fact]
    public void Constants_fold_through_several_operations_and_several_outputs()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 2 }, "x");
        Output six = graph.Multiply(graph.Constant(2f), graph.Constant(3f)) + 0.5f;
        IReadOnlyList<Output> halves = graph.Split(graph.Constant(new[] { 1f, 2f, 3f, 4f }) * 2f, 2, 0);
        graph.Identity((x * six) + halves[1] - halves[0], "y");
        GraphDef before = graph.ToGraphDef();
        OptimizedGraph optimized = GraphOptimizer.Optimize(before, ["x"], ["y"]);
        Assert.DoesNotContain(optimized.GraphDef.Node, static n => n.Op.StartsWith("Split", StringComparison.Ordinal));
        Assert.Equal(1, optimized.GraphDef.Node.Count(static n => n.Op == "Mul"));
        AssertClose(before, optimized.GraphDef, new[] { 1f, -2f });
    }

    [Fact]
    public void Duplicates_merge_until_none_are_left_and_random_numbers_never_do()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { 2 }, "x");
        Output a = graph.Square(graph.Exp(x)), b = graph.Square(graph.Exp(x));
        Output r = graph.RandomUniform(new[] { 2 }) + graph.RandomUniform(new[] { 2 });
        graph.Identity(a + b, "y");
        graph.Identity(r, "random");
        GraphDef before = graph.ToGraphDef();
        OptimizedGraph optimized = GraphOptimizer.Optimize(before, ["x"], ["y", "random"]);
        Assert.Equal(1, optimized.GraphDef.Node.Count(static n => n.Op == "Exp"));
        Assert.Equal(2, optimized.GraphDef.Node.Count(static n => n.Op == "RandomUniform"));
        AssertClose(before, optimized.GraphDef, new[] { 0.1f, -2f });
    }

    [Fact]
    public void An_input_in_the_middle_becomes_a_placeholder_of_its_type()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.String, [], "path");
        Output decoded = graph.Cast(graph.Placeholder(DType.Int32, new[] { 2 }, "bytes"), DType.Float32, name: "decoded");
        graph.Identity(decoded * 2f, "y");
        _ = x;
        OptimizedGraph optimized = GraphOptimizer.Optimize(graph.ToGraphDef(), ["decoded"], ["y"]);
        NodeDef input = optimized.GraphDef.Node.Single(static n => n.Name == "decoded");
        Assert.Equal(("Placeholder", DataType.DtFloat), (input.Op, input.Attr["dtype"].Type));
        Assert.Single(optimized.GraphDef.Node, static n => n.Op == "Placeholder");

        OptimizedGraph typed = GraphOptimizer.Optimize(graph.ToGraphDef(), ["bytes"], ["y"], new OptimizeOptions { InputTypes = new Dictionary<string, DType> { ["bytes"] = DType.Int32 } });
        Assert.Equal(DataType.DtInt32, typed.GraphDef.Node.Single(static n => n.Name == "bytes").Attr["dtype"].Type);
    }

    [Fact]
    public void Wrong_names_are_told_with_near_ones()
    {
        GraphDef graph = Normalized("NHWC", "Conv2D", 3, biased: false);
        Assert.Contains("'conv'", Assert.Throws<ArgumentException>(() => GraphOptimizer.Optimize(graph, ["x"], ["convv"])).Message, StringComparison.Ordinal);
        Assert.Contains("not in graph", Assert.Throws<ArgumentException>(() => GraphOptimizer.Optimize(graph, ["nothing_like_it"], ["y"])).Message, StringComparison.Ordinal);
        Assert.Contains("refer to a Tensor", Assert.Throws<ArgumentException>(() => GraphOptimizer.Optimize(graph, ["x:0"], ["y"])).Message, StringComparison.Ordinal);
    }

    private static GraphDef Normalized(string format, string layerType, int version, bool biased)
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { -1, 5, 5, 3 }, "x");
        bool depthwise = layerType == "DepthwiseConv2dNative";
        int channels = depthwise ? 6 : 4;
        Output w = graph.Constant(Tensor.Of<float>(depthwise ? new long[] { 3, 3, 3, 2 } : new long[] { 3, 3, 3, 4 }, Values.AsSpan(0, depthwise ? 54 : 108)), name: "w");
        GraphDef def = graph.ToGraphDef();
        var ints = new AttrValue.Types.ListValue { I = { 1, 1, 1, 1 } };
        var layer = new NodeDef { Name = "conv", Op = layerType, Input = { "x", w.Operation.Name }, Attr = { ["T"] = Type(), ["strides"] = new AttrValue { List = ints }, ["padding"] = Text("SAME"), ["data_format"] = Text(format) } };
        def.Node.Add(layer);
        if (biased)
        {
            def.Node.Add(Vector("bias", channels, 11));
            def.Node.Add(new NodeDef { Name = "biased", Op = "BiasAdd", Input = { "conv", "bias" }, Attr = { ["T"] = Type(), ["data_format"] = Text(format) } });
        }

        def.Node.AddRange([Vector("gamma", channels, 20), Vector("beta", channels, 30), Vector("mean", channels, 40), Vector("variance", channels, 50, positive: true)]);
        string from = biased ? "biased" : "conv";
        NodeDef norm = version == 0
            ? new NodeDef { Name = "bn", Op = "BatchNormWithGlobalNormalization", Input = { from, "mean", "variance", "beta", "gamma" }, Attr = { ["T"] = Type(), ["variance_epsilon"] = new AttrValue { F = 0.01f }, ["scale_after_normalization"] = new AttrValue { B = biased } } }
            : new NodeDef { Name = "bn", Op = version == 1 ? "FusedBatchNorm" : $"FusedBatchNormV{version}", Input = { from, "gamma", "beta", "mean", "variance" }, Attr = { ["T"] = Type(), ["epsilon"] = new AttrValue { F = 0.01f }, ["is_training"] = new AttrValue { B = false }, ["data_format"] = Text(format) } };
        if (version > 1)
            norm.Attr["U"] = Type();
        def.Node.Add(norm);
        def.Node.Add(new NodeDef { Name = "y", Op = "Relu", Input = { "bn" }, Attr = { ["T"] = Type() } });
        return def;

        static AttrValue Type() => new() { Type = DataType.DtFloat };
        static AttrValue Text(string text) => new() { S = Google.Protobuf.ByteString.CopyFromUtf8(text) };
    }

    private static NodeDef Vector(string name, int count, int from, bool positive = false)
    {
        float[] values = [.. Values.AsSpan(from, count).ToArray().Select(v => positive ? 0.1f + MathF.Abs(v) : v)];
        return new NodeDef
        {
            Name = name,
            Op = "Const",
            Attr =
            {
                ["dtype"] = new AttrValue { Type = DataType.DtFloat },
                ["value"] = new AttrValue { Tensor = NotebookPersist.Formats.Protobuf.TensorProtos.Encode((Tensor)values) },
            },
        };
    }

    private static void AssertClose(GraphDef before, GraphDef after, Tensor x)
    {
        float[] expected = Run(before, x), actual = Run(after, x);
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(static v => MathF.Abs(v));
        Assert.True(largest > 0);
        Assert.All(expected.Zip(actual), p => Assert.InRange(MathF.Abs(p.First - p.Second), 0, 1e-5f * largest));
    }

    private static float[] Run(GraphDef graphDef, Tensor x)
    {
        var graph = new Graph();
        graph.ImportGraphDef(graphDef, name: "");
        using var session = new Session(graph);
        return session.Run("y:0", new() { ["x:0"] = x })!.ToArray<float>();
    }
}
