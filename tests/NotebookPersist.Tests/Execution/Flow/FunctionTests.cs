using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Execution.Flow;

public sealed class FunctionTests
{
    private static readonly DType[] OneFloat = [DType.Float32];

    private readonly GraphDef _graphDef = new() { Versions = new VersionDef { Producer = Graph.ProducerVersion }, Library = new FunctionDefLibrary() };

    public FunctionTests()
    {
        Function("twice", "y", DType.Float32, "sum:z:0", TestNodes.Make("sum", "Add", ["x", "x"], ("T", DType.Float32)));
        Function("square", "y", DType.Float32, "product:z:0", TestNodes.Make("product", "Mul", ["x", "x"], ("T", DType.Float32)));
        Function(
            "is_small",
            "y",
            DType.Bool,
            "less:z:0",
            TestNodes.Make("limit", "Const", [], ("dtype", DType.Float32), ("value", 1000f)),
            TestNodes.Make("less", "Less", ["x", "limit:output:0"], ("T", DType.Float32)));
        Function("forever", "y", DType.Float32, "again:output:0", TestNodes.Make("again", "PartitionedCall", ["x"], ("Tin", OneFloat), ("Tout", OneFloat), ("f", "forever")));
        Node("x", "Placeholder", [], ("dtype", DType.Float32));
        Node("p", "Placeholder", [], ("dtype", DType.Bool));
        Node("n", "Placeholder", [], ("dtype", DType.Int32));
    }

    [Theory]
    [InlineData("PartitionedCall")]
    [InlineData("StatefulPartitionedCall")]
    public void A_function_is_called(string op)
    {
        Node("call", op, ["x"], ("Tin", OneFloat), ("Tout", OneFloat), ("f", "twice"));
        using Session session = Session();
        Assert.Equal(6f, Run(session, "call", 3f));
        Assert.Equal(8f, Run(session, "call", 4f));
    }

    [Fact]
    public void A_function_is_called_by_its_name_as_type()
    {
        Node("call", "square", ["x"]);
        Node("call2", "twice", ["call"]);
        using Session session = Session();
        Assert.Equal(18f, Run(session, "call2", 3f));
    }

    [Theory]
    [InlineData("If", true, 6f)]
    [InlineData("If", false, 9f)]
    [InlineData("StatelessIf", true, 6f)]
    [InlineData("StatelessIf", false, 9f)]
    public void One_of_two_functions_is_called(string op, bool pred, float expected)
    {
        Node("if", op, ["p", "x"], ("Tcond", DType.Bool), ("Tin", OneFloat), ("Tout", OneFloat), ("then_branch", "twice"), ("else_branch", "square"));
        using Session session = Session();
        Assert.Equal(expected, session.Run("if:0", new FeedDict { { "p:0", pred }, { "x:0", 3f } })!.Item<float>());
    }

    [Theory]
    [InlineData(0, 6f)]
    [InlineData(1, 9f)]
    [InlineData(7, 9f)]
    [InlineData(-1, 9f)]
    public void One_of_many_functions_is_called(int index, float expected)
    {
        Node("case", "Case", ["n", "x"], ("Tin", OneFloat), ("Tout", OneFloat), ("branches", new[] { "twice", "square" }));
        using Session session = Session();
        Assert.Equal(expected, session.Run("case:0", new FeedDict { { "n:0", index }, { "x:0", 3f } })!.Item<float>());
    }

    [Theory]
    [InlineData("While")]
    [InlineData("StatelessWhile")]
    public void A_function_is_called_while_another_says_so(string op)
    {
        Node("while", op, ["x"], ("T", OneFloat), ("cond", "is_small"), ("body", "twice"));
        using Session session = Session();
        Assert.Equal(1536f, Run(session, "while", 3f));
        Assert.Equal(5000f, Run(session, "while", 5000f));
    }

    [Fact]
    public void Functions_take_element_types_from_the_call()
    {
        var any = new FunctionDef { Signature = new OpDef { Name = "sum_any" } };
        any.Signature.Attr.Add(new OpDef.Types.AttrDef { Name = "T", Type = "type" });
        any.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = "x", TypeAttr = "T" });
        any.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = "y", TypeAttr = "T" });
        NodeDef sum = TestNodes.Make("sum", "Add", ["x", "x"]);
        sum.Attr.Add("T", new AttrValue { Placeholder = "T" });
        any.NodeDef.Add(sum);
        any.Ret.Add("y", "sum:z:0");
        _graphDef.Library.Function.Add(any);
        Node("call", "sum_any", ["n"], ("T", DType.Int32));
        Node("call2", "sum_any", ["x"], ("T", DType.Float32));
        using Session session = Session();
        Assert.Equal(8, session.Run("call:0", new FeedDict { { "n:0", 4 } })!.Item<int>());
        Assert.Equal(9f, Run(session, "call2", 4.5f));
    }

    [Fact]
    public void A_function_that_calls_itself_without_end_is_refused()
    {
        Node("call", "PartitionedCall", ["x"], ("Tin", OneFloat), ("Tout", OneFloat), ("f", "forever"));
        using Session session = Session();
        RunException fault = Assert.Throws<RunException>(() => Run(session, "call", 1f));
        Assert.Contains("functions that call themselves without end cannot be run", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_is_not_there_is_named()
    {
        Node("call", "PartitionedCall", ["x"], ("Tin", OneFloat), ("Tout", OneFloat), ("f", "twise"));
        using Session session = Session();
        RunException fault = Assert.Throws<RunException>(() => Run(session, "call", 1f));
        Assert.Equal(RunErrorCode.NotFound, fault.Code);
        Assert.Contains("Function twise is not defined.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("twice", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_within_a_function_names_the_node()
    {
        Function("fails", "y", DType.Float32, "checked:output:0", TestNodes.Make("checked", "CheckNumerics", ["x"], ("T", DType.Float32), ("message", "here")));
        Node("call", "PartitionedCall", ["x"], ("Tin", OneFloat), ("Tout", OneFloat), ("f", "fails"));
        using Session session = Session();
        Assert.Equal("checked", Assert.Throws<RunException>(() => Run(session, "call", float.NaN)).NodeName);
    }

    private void Function(string name, string result, DType type, string source, params NodeDef[] nodes)
    {
        var function = new FunctionDef { Signature = new OpDef { Name = name } };
        function.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = "x", Type = DataType.DtFloat });
        function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = result, Type = (DataType)type });
        function.NodeDef.AddRange(nodes);
        function.Ret.Add(result, source);
        _graphDef.Library.Function.Add(function);
    }

    private void Node(string name, string op, string[] inputs, params (string Name, object Value)[] attributes) => _graphDef.Node.Add(TestNodes.Make(name, op, inputs, attributes));

    private Session Session()
    {
        var graph = new Graph();
        graph.ImportGraphDef(_graphDef, "");
        return new Session(graph);
    }

    private static float Run(Session session, string call, float x) => session.Run(call + ":0", new FeedDict { { "x:0", x } })!.Item<float>();
}
