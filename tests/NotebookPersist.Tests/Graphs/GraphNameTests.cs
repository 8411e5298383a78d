using Xunit;

namespace NotebookPersist.Tests.Graphs;

/// <summary>Names, scopes and control dependencies, as TensorFlow has them.</summary>
public sealed class GraphNameTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void A_name_asked_for_again_is_numbered_whatever_its_letters_case()
    {
        Assert.Equal("x", _graph.Constant(1, name: "x").Operation.Name);
        Assert.Equal("X_1", _graph.Constant(1, name: "X").Operation.Name);
        Assert.Equal("x_2", _graph.Constant(1, name: "x").Operation.Name);
        Assert.Equal("x_1_1", _graph.Constant(1, name: "x_1").Operation.Name);
    }

    [Fact]
    public void A_scope_is_made_unique_and_a_slash_enters_it_again()
    {
        string first;
        using (NameScope scope = _graph.NameScope("s"))
        {
            first = scope.Name;
            Assert.Equal("s/x", _graph.Constant(1, name: "x").Operation.Name);
            using (_graph.NameScope("inner"))
                Assert.Equal("s/inner/x", _graph.Constant(1, name: "x").Operation.Name);
        }

        using (_graph.NameScope("s"))
            Assert.Equal("s_1/x", _graph.Constant(1, name: "x").Operation.Name);
        using (_graph.NameScope(first))
            Assert.Equal("s/x_1", _graph.Constant(1, name: "x").Operation.Name);
        using (_graph.NameScope("s"))
        using (_graph.NameScope(null))
            Assert.Equal("x", _graph.Constant(1, name: "x").Operation.Name);
    }

    [Theory]
    [InlineData("_x")]
    [InlineData("x y")]
    [InlineData("x:0")]
    [InlineData("ä")]
    public void A_name_that_TensorFlow_refuses_is_refused(string name)
    {
        Assert.Contains("is not a valid", Assert.Throws<ArgumentException>(() => _graph.Constant(1, name: name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_number_becomes_a_constant_named_after_the_argument_in_the_type_of_the_other()
    {
        Output x = _graph.Placeholder(DType.Float32, [2], "x");
        Output sum = x + 10;
        Output product = 3 * x;
        Assert.Equal(["add/y", "add", "mul/x", "mul"], _graph.Operations.Skip(1).Select(static o => o.Name));
        Assert.Equal(DType.Float32, sum.Operation.Inputs[1].DType);
        Assert.Equal(DType.Float32, product.DType);
    }

    [Fact]
    public void Operations_inside_wait_for_the_given_ones_unless_their_inputs_already_do()
    {
        Output a = _graph.Constant(1f, name: "a");
        Operation gate = _graph.NoOp("gate");
        using (_graph.ControlDependencies(gate))
        {
            Output direct = _graph.Identity(a, "direct");
            Output indirect = _graph.Identity(direct, "indirect");
            Assert.Equal([gate], direct.Operation.ControlInputs);
            Assert.Empty(indirect.Operation.ControlInputs);
            using (_graph.ClearControlDependencies())
                Assert.Empty(_graph.Identity(a, "free").Operation.ControlInputs);
        }

        Assert.Empty(_graph.Identity(a, "after").Operation.ControlInputs);
    }

    [Fact]
    public void A_wrong_name_is_answered_with_near_ones()
    {
        _graph.Constant(1, name: "predictions");
        Assert.Contains("'predictions'", Assert.Throws<KeyNotFoundException>(() => _graph.GetTensorByName("prediction:0")).Message, StringComparison.Ordinal);
        Assert.Contains("predictions:0", Assert.Throws<ArgumentException>(() => _graph.GetTensorByName("predictions")).Message, StringComparison.Ordinal);
        Assert.Contains("only has 1 outputs", Assert.Throws<KeyNotFoundException>(() => _graph.GetTensorByName("predictions:1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_differ_are_refused_with_the_argument_s_name()
    {
        Output x = _graph.Placeholder(DType.Float32, [2]);
        Output n = _graph.Placeholder(DType.Int32, [2]);
        GraphException fault = Assert.Throws<GraphException>(() => _graph.Add(x, n));
        Assert.Contains("'y'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("int32", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_of_the_older_spelling_are_written_in_the_newer_one()
    {
        using (_graph.Device("/cpu:0"))
            Assert.Equal("/device:CPU:0", _graph.Constant(1).Operation.Device);
        using (_graph.Device("/job:worker/task:0/gpu:1"))
            Assert.Equal("/job:worker/task:0/device:GPU:1", _graph.Constant(1).Operation.Device);
        using (_graph.Device("/device:CPU:0"))
            Assert.Equal("/device:CPU:0", _graph.Constant(1).Operation.Device);
    }
}
