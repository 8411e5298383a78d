using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Execution.Flow;

/// <summary>Branches and loops as graphs from elsewhere have them, node by node.</summary>
public sealed class ControlFlowRunTests
{
    private readonly GraphDef _graphDef = new() { Versions = new VersionDef { Producer = Graph.ProducerVersion } };

    public ControlFlowRunTests()
    {
        Node("p", "Placeholder", [], ("dtype", DType.Bool));
        Node("x", "Placeholder", [], ("dtype", DType.Float32));
    }

    [Theory]
    [InlineData(true, 1f, 1)]
    [InlineData(false, -1f, 0)]
    public void Dead_values_pass_over_all_that_depends_on_them(bool pred, float expected, int index)
    {
        Node("switch", "Switch", ["x", "p"], ("T", DType.Float32));
        Node("negative", "Neg", ["switch"], ("T", DType.Float32));
        Node("deeper", "Abs", ["switch:1"], ("T", DType.Float32));
        Node("merge", "Merge", ["negative", "deeper"], ("T", DType.Float32), ("N", 2L));
        using Session session = Session();
        Tensor?[] values = session.Run(["merge:0", "merge:1"], Feeds(pred, 1f));
        Assert.Equal(expected, values[0]!.Item<float>());
        Assert.Equal(index, values[1]!.Item<int>());
    }

    [Fact]
    public void A_dead_control_input_is_enough()
    {
        Node("switch", "Switch", ["x", "p"], ("T", DType.Float32));
        Node("taken", "NoOp", ["^wait"]);
        Node("wait", "Identity", ["switch:1"], ("T", DType.Float32));
        Node("after", "Identity", ["x", "^taken"], ("T", DType.Float32));
        Node("triggered", "ControlTrigger", ["^taken"]);
        Node("anyway", "Identity", ["x", "^triggered"], ("T", DType.Float32));
        using Session session = Session();
        Assert.Equal(1f, session.Run("after:0", Feeds(true, 1f))!.Item<float>());
        Assert.Contains("Retval[0] does not have value", Assert.Throws<RunException>(() => session.Run("after:0", Feeds(false, 1f))).Message, StringComparison.Ordinal);
        Assert.Equal(1f, session.Run("anyway:0", Feeds(false, 1f))!.Item<float>());
        Assert.Null(session.Run("taken", Feeds(false, 1f)));
    }

    [Fact]
    public void A_loop_in_a_branch_not_taken_does_not_run()
    {
        Node("switch", "Switch", ["x", "p"], ("T", DType.Float32));
        // Doubles until it is 100 or more; nothing stops it but its own condition.
        Loop("loop", "switch:1");
        Node("merge", "Merge", ["switch", "loop/exit"], ("T", DType.Float32), ("N", 2L));
        using Session session = Session();
        Assert.Equal(128f, session.Run("merge:0", Feeds(true, 1f))!.Item<float>());
        Assert.Equal(-1f, session.Run("merge:0", Feeds(false, -1f))!.Item<float>());
    }

    [Fact]
    public void Loops_that_share_a_frame_name_are_loops_of_their_own()
    {
        Loop("first", "x", "same");
        Node("one", "Const", [], ("dtype", DType.Float32), ("value", 1f));
        Node("sum", "Mul", ["first/exit", "one"], ("T", DType.Float32));
        Node("less", "Neg", ["sum"], ("T", DType.Float32));
        Node("again", "Abs", ["less"], ("T", DType.Float32));
        Loop("second", "x", "same");
        Node("both", "Add", ["again", "second/exit"], ("T", DType.Float32));
        using Session session = Session();
        Assert.Equal(256f, session.Run("both:0", Feeds(true, 2f))!.Item<float>());
    }

    [Fact]
    public void Inputs_from_two_frames_are_refused()
    {
        Loop("loop", "x");
        Node("outside", "Neg", ["x"], ("T", DType.Float32));
        Node("mixed", "Mul", ["loop/double", "outside"], ("T", DType.Float32));
        using Session session = Session();
        RunException fault = Assert.Throws<RunException>(() => session.Run("mixed:0", Feeds(true, 1f)));
        Assert.Equal(RunErrorCode.InvalidArgument, fault.Code);
        Assert.Contains("The node 'mixed' has inputs from different frames.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exit_without_a_loop_is_refused()
    {
        Node("exit", "Exit", ["x"], ("T", DType.Float32));
        using Session session = Session();
        Assert.Contains("leaves a loop, but lies in none", Assert.Throws<RunException>(() => session.Run("exit:0", Feeds(true, 1f))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_without_an_enter_is_refused()
    {
        Node("merge", "Merge", ["x", "next"], ("T", DType.Float32), ("N", 2L));
        Node("next", "NextIteration", ["merge"], ("T", DType.Float32));
        using Session session = Session();
        Assert.Contains("Begin the loop with an Enter", Assert.Throws<RunException>(() => session.Run("merge:0", Feeds(true, 1f))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_merge_takes_the_next_iteration()
    {
        Loop("loop", "x");
        Node("early", "Identity", ["loop/next"], ("T", DType.Float32));
        Node("exit", "Exit", ["early"], ("T", DType.Float32));
        using Session session = Session();
        Assert.Contains("only a Merge can", Assert.Throws<RunException>(() => session.Run("exit:0", Feeds(true, 1f))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_aborted_run_fails()
    {
        Node("abort", "Abort", [], ("error_msg", "enough"));
        using Session session = Session();
        RunException fault = Assert.Throws<RunException>(() => session.Run("abort"));
        Assert.Equal(RunErrorCode.Aborted, fault.Code);
        Assert.Contains("Abort_op intentional failure; enough", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stacks_give_back_the_last_first()
    {
        Node("size", "Const", [], ("dtype", DType.Int32), ("value", 5));
        Node("stack", "StackV2", ["size"], ("elem_type", DType.Float32));
        Node("minus", "Neg", ["x"], ("T", DType.Float32));
        Node("push1", "StackPushV2", ["stack", "x"], ("T", DType.Float32));
        Node("push2", "StackPushV2", ["stack", "minus", "^push1"], ("T", DType.Float32));
        Node("pop1", "StackPopV2", ["stack", "^push2"], ("elem_type", DType.Float32));
        Node("pop2", "StackPopV2", ["stack", "^pop1"], ("elem_type", DType.Float32));
        Node("pop3", "StackPopV2", ["stack", "^pop2"], ("elem_type", DType.Float32));
        using Session session = Session();
        Tensor?[] values = session.Run(["pop1:0", "pop2:0"], Feeds(true, 3f));
        Assert.Equal((-3f, 3f), (values[0]!.Item<float>(), values[1]!.Item<float>()));
        Assert.Contains("is empty when calling Pop()", Assert.Throws<RunException>(() => session.Run("pop3:0", Feeds(true, 3f))).Message, StringComparison.Ordinal);
    }

    // value -> while (value < 100) value = value * 2.
    private void Loop(string name, string value, string? frame = null)
    {
        Node($"{name}/enter", "Enter", [value], ("T", DType.Float32), ("frame_name", frame ?? name));
        Node($"{name}/merge", "Merge", [$"{name}/enter", $"{name}/next"], ("T", DType.Float32), ("N", 2L));
        Node($"{name}/hundred", "Const", [$"^{name}/merge"], ("dtype", DType.Float32), ("value", 100f));
        Node($"{name}/less", "Less", [$"{name}/merge", $"{name}/hundred"], ("T", DType.Float32));
        Node($"{name}/cond", "LoopCond", [$"{name}/less"]);
        Node($"{name}/switch", "Switch", [$"{name}/merge", $"{name}/cond"], ("T", DType.Float32));
        Node($"{name}/double", "Add", [$"{name}/switch:1", $"{name}/switch:1"], ("T", DType.Float32));
        Node($"{name}/next", "NextIteration", [$"{name}/double"], ("T", DType.Float32));
        Node($"{name}/exit", "Exit", [$"{name}/switch"], ("T", DType.Float32));
    }

    private void Node(string name, string op, string[] inputs, params (string Name, object Value)[] attributes) => _graphDef.Node.Add(TestNodes.Make(name, op, inputs, attributes));

    private Session Session()
    {
        var graph = new Graph();
        graph.ImportGraphDef(_graphDef, "");
        return new Session(graph);
    }

    private static FeedDict Feeds(bool pred, float x) => new() { { "p:0", pred }, { "x:0", x } };
}
