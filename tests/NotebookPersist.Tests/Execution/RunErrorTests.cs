using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>What goes wrong in a run is told with the node, its type, and the shapes or values that do not fit.</summary>
public sealed class RunErrorTests
{
    private readonly Graph _graph = new();
    private readonly List<string> _missing = [];

    [Fact]
    public void A_placeholder_without_a_value_is_named()
    {
        Output x = Any("x");
        AssertFault(x + 1f, new FeedDict(), "x", "Placeholder", "You must feed a value for placeholder tensor 'x' with dtype float");
        Assert.Empty(_missing);
    }

    [Fact]
    public void A_fed_value_of_another_shape_is_told_with_both_shapes()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 3], "x");
        using var session = new Session(_graph);
        ArgumentException fault = Assert.Throws<ArgumentException>(() => session.Run(x + 1f, new FeedDict { [x] = new float[2, 4] }));
        Assert.Contains("Cannot feed value of shape (2, 4) for Tensor 'x:0', which has shape '(?, 3)'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_without_a_value_is_named()
    {
        Variable v = _graph.Variable(new float[2], name: "v");
        AssertFault(v.Value * 2f, new FeedDict(), null, null, "Attempting to use uninitialized value v\n\t Run tf.GlobalVariablesInitializer(), or restore a checkpoint, in this session first.");
        Assert.Empty(_missing);
    }

    [Fact]
    public void Indices_out_of_range_are_told_with_the_range()
    {
        Output a = Any("a");
        Output at = _graph.Placeholder(DType.Int32, name: "at");
        var feeds = new FeedDict { [a] = new float[2, 3], [at] = new[] { 7 } };
        AssertFault(_graph.Gather(a, at, name: "n1"), feeds, "n1", "GatherV2", "indices[0] = 7 is not in [0, 2)");
        AssertFault(Node("GatherNd", "n2", null, a, _graph.Reshape(at, new[] { 1, 1 })), feeds, "n2", "GatherNd", "[7]", "[2,3]");
        AssertFault(Node("UnsortedSegmentSum", "n3", null, _graph.Reshape(a, new[] { 1, 6 }), at, 3), feeds, "n3", "UnsortedSegmentSum", "segment_ids[0] = 7 is out of range [0, 3)");
        AssertFault(Node("ExpandDims", "n4", null, a, _graph.Reshape(at, Array.Empty<int>())), feeds, "n4", "ExpandDims", "dim index 7", "2 dim");
        AssertFault(_graph.ReduceSum(a, _graph.Add(at, 0), name: "n5"), feeds, "n5", "Sum", "7", "2");
        AssertFault(Node("Slice", "n6", null, a, new[] { 0, 2 }, _graph.Concat([_graph.Constant(new[] { 1 }), at], 0)), feeds, "n6", "Slice", "size[1] in [0, 1], but got 7");
        Assert.Empty(_missing);
    }

    [Fact]
    public void Values_that_are_checked_are_told()
    {
        Output a = Any("a");
        var feeds = new FeedDict { [a] = new[] { 1f, float.NaN } };
        AssertFault(Node("CheckNumerics", "n1", new() { { "message", "the loss" } }, a), feeds, "n1", "CheckNumerics", "the loss : Tensor had NaN values");
        Output zero = _graph.Placeholder(DType.Int32, name: "zero");
        AssertFault(Node("FloorDiv", "n2", null, zero, zero), new FeedDict { [zero] = 0 }, "n2", "FloorDiv", "Integer division by zero");
        Assert.Empty(_missing);
    }

    private Output Any(string name) => _graph.Placeholder(DType.Float32, name: name);

    private Output Node(string type, string name, AttributeList? attributes, params ReadOnlySpan<Operand> inputs) => _graph.AddOperation(type, name, attributes, inputs)[0];

    private void AssertFault(Output fetch, FeedDict feeds, string? node, string? type, params ReadOnlySpan<string> parts)
    {
        foreach (bool optimizes in (bool[])[true, false])
        {
            using var session = new Session(_graph, new SessionOptions { OptimizesPlans = optimizes });
            RunException fault = Assert.Throws<RunException>(() => session.Run(fetch, feeds));
            if (node is not null && ((node, type) != (fault.NodeName, fault.OpName) || !fault.Message.Contains($"[[node {node} (op: {type}) ]]", StringComparison.Ordinal)))
                _missing.Add($"{node} ({type}): {fault.Message}");
            foreach (string part in parts)
            {
                if (!fault.Message.Contains(part, StringComparison.Ordinal))
                    _missing.Add($"'{part}': {fault.Message}");
            }
        }
    }
}
