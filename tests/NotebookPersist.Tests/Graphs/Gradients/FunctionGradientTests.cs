using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Gradients;

/// <summary>Gradients through nodes that call functions, against central differences.</summary>
public sealed class FunctionGradientTests
{
    private readonly Graph _graph = new();

    [Theory]
    [InlineData("PartitionedCall")]
    [InlineData("StatefulPartitionedCall")]
    public void Calls_are_gone_through_and_calls_within_them(string type)
    {
        NameAttrList inner = Function("inner", 2, static (g, a) => [g.Tanh(a[0] * a[1])]);
        NameAttrList outer = Function("outer", 2, (g, a) => [g.AddOperation(type, null, Attributes(inner, 1), a[0], g.Square(a[1]))[0] + a[0], g.Exp(a[0])]);
        Check([0.3, -1.2], x =>
        {
            Operation call = _graph.AddOperation(type, null, Attributes(outer, 2), x, x * 2.0);
            return call[0] * 3.0 + call[1];
        });
    }

    [Fact]
    public void A_node_that_is_typed_by_its_function_is_gone_through()
    {
        Function("cube", 1, static (g, a) => [a[0] * a[0] * a[0]]);
        var node = new NodeDef { Name = "call", Op = "cube", Input = { "x" } };
        var stored = new GraphDef { Versions = new VersionDef { Producer = Graph.ProducerVersion }, Library = _graph.Library.Clone() };
        Output x = _graph.Placeholder(DType.Float64, [2], "x");
        stored.Node.Add(_graph.ToGraphDef().Node.Single());
        stored.Node.Add(node);
        var graph = new Graph();
        graph.ImportGraphDef(stored, "");
        Output gradient = graph.Gradients(graph.GetTensorByName("call:0"), graph.GetTensorByName("x:0"))[0]!;
        using var session = new Session(graph);
        Assert.Equal([12.0, 27.0], session.Run(gradient, new() { ["x:0"] = new[] { 2.0, 3.0 } })!.ToArray<double>());
    }

    [Theory]
    [InlineData("If")]
    [InlineData("StatelessIf")]
    public void The_branch_that_was_taken_is_gone_through(string type)
    {
        NameAttrList then = Function("then", 2, static (g, a) => [g.Sin(a[0]) * a[1]]);
        NameAttrList otherwise = Function("otherwise", 2, static (g, a) => [g.Square(a[0])]);
        foreach (bool taken in new[] { true, false })
        {
            Check([0.5, -0.75], x => _graph.AddOperation(
                type, null, new AttributeList { { "Tout", (DType[])[DType.Float64] }, { "then_branch", then }, { "else_branch", otherwise } }, taken, x, x * 3.0)[0]);
        }
    }

    [Fact]
    public void One_of_many_branches_is_gone_through()
    {
        var branches = new AttrValue { List = new AttrValue.Types.ListValue() };
        branches.List.Func.Add(Function("first", 1, static (g, a) => [g.Sin(a[0])]));
        branches.List.Func.Add(Function("second", 1, static (g, a) => [g.Exp(a[0])]));
        branches.List.Func.Add(Function("third", 1, static (g, a) => [g.ZerosLike(a[0])]));
        for (int i = 0; i < 3; i++)
            Check([0.5, -0.75], x => _graph.AddOperation("Case", null, new AttributeList { { "Tout", (DType[])[DType.Float64] }, { "branches", branches } }, i, x)[0]);
    }

    [Theory]
    [InlineData("While")]
    [InlineData("StatelessWhile")]
    public void Loops_are_gone_back_through(string type)
    {
        DType[] types = [DType.Int32, DType.Float64, DType.Float64];
        NameAttrList condition = Function("condition", types, static (g, a) => [g.Less(a[0], 4)]);
        NameAttrList body = Function("body", types, static (g, a) => [g.Add(a[0], 1), g.Tanh(a[1] * a[2]) + g.Cast(a[0], DType.Float64) * a[2], a[2]]);
        Check([0.4, 1.3], x => _graph.AddOperation(type, null, new AttributeList { { "cond", condition }, { "body", body } }, 0, x, x * 0.5)[1]);
    }

    [Fact]
    public void Loops_within_loops_and_no_iteration_at_all_are_gone_back_through()
    {
        DType[] types = [DType.Int32, DType.Float64];
        NameAttrList inside = Function("inside", types, static (g, a) => [g.Less(a[0], 2)]);
        NameAttrList inner = Function("inner", types, static (g, a) => [g.Add(a[0], 1), g.Sin(a[1]) + 1.0]);
        NameAttrList condition = Function("condition", types, static (g, a) => [g.Less(a[0], 3)]);
        NameAttrList body = Function("body", types, (g, a) =>
            [g.Add(a[0], 1), g.AddOperation("While", null, new AttributeList { { "cond", inside }, { "body", inner } }, g.Constant(0), a[1] * a[1])[1]]);
        Check([0.4, 1.3], x => _graph.AddOperation("While", null, new AttributeList { { "cond", condition }, { "body", body } }, 0, x)[1]);
        Check([0.4, 1.3], x => _graph.AddOperation("While", null, new AttributeList { { "cond", condition }, { "body", body } }, 7, x)[1] * x);
    }

    [Fact]
    public void A_variable_whose_handle_is_given_to_a_loop_is_trained()
    {
        DType[] types = [DType.Int32, DType.Float32, DType.Resource];
        NameAttrList condition = Function("condition", types, static (g, a) => [g.Less(a[0], 3)]);
        NameAttrList body = Function("body", types, static (g, a) => [g.Add(a[0], 1), a[1] * g.ReadVariableOp(a[2], DType.Float32), a[2]]);
        Variable w = _graph.Variable(1.5f, "w", useResource: true);
        Output y = _graph.AddOperation("While", null, new AttributeList { { "cond", condition }, { "body", body } }, 0, 1f, w.Reference)[1];
        Output gradient = _graph.Gradients([y], [w.Reference])[0]!;
        Operation step = new GradientDescentOptimizer(0.002).Minimize(_graph.Square(y - 8f));
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Assert.Equal(3 * 1.5f * 1.5f, (float)session.Run(gradient)!, 1e-5f);
        for (int i = 0; i < 100; i++)
            session.Run(step);
        Assert.Equal(2f, (float)session.Run(w.Value)!, 1e-3f);
    }

    [Fact]
    public void The_layers_of_a_model_of_TensorFlow_2_are_trained()
    {
        using LoadedModel model = LoadedModel.Load(SharedFiles.Path("fixtures/savedmodel/tract-keras-tf2-io/my_model"));
        Graph graph = model.Graph;
        SignatureDef signature = model.Signatures["serving_default"];
        Output x = graph.GetTensorByName(signature.Inputs.Values.Single().Name);
        Output y = graph.GetTensorByName(signature.Outputs.Values.Single().Name);
        Output kernel = graph.GetTensorByName("main_input/kernel:0");
        Output loss = graph.ReduceSum(graph.Log(y));
        Output gradient = graph.Gradients(loss, kernel)[0]!;
        var input = Tensor.Of<float>([1, 100], [.. Enumerable.Range(0, 100).Select(static i => (i % 10) / 10f)]);
        float[] found = model.Session.Run(gradient, new() { [x] = input })!.ToArray<float>();
        Assert.Contains(found, static f => f != 0);

        // Along the gradient the loss rises as much as its square says.
        double norm = found.Sum(static f => (double)f * f);
        float before = (float)model.Session.Run(loss, new() { [x] = input })!;
        float size = (float)(1e-2 / norm);
        model.Session.Run(graph.AssignAddVariableOp(kernel, Tensor.Of<float>(gradient.Shape.IsFullyKnown ? gradient.Shape : [100, found.Length / 100], [.. found.Select(f => f * size)])));
        Assert.Equal(1e-2, (float)model.Session.Run(loss, new() { [x] = input })! - before, 5e-4);
    }

    [Fact]
    public void A_function_that_draws_random_numbers_has_no_gradient()
    {
        NameAttrList random = Function("random", 1, static (g, a) => [a[0] * g.RandomUniform(g.Shape(a[0]), dtype: DType.Float64)]);
        Output x = _graph.Placeholder(DType.Float64, [2], "x");
        Output y = _graph.AddOperation("StatefulPartitionedCall", null, Attributes(random, 1), x)[0];
        string message = Assert.Throws<GraphException>(() => _graph.Gradients(y, x)).Message;
        Assert.Contains("function 'random' would run", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_numbers_in_a_function_that_a_function_calls_are_found_too()
    {
        NameAttrList mask = Function("mask", 1, static (g, a) => [g.RandomUniform(g.Shape(a[0]), dtype: DType.Float64)]);
        NameAttrList outer = Function("outer", 1, (g, a) => [a[0] * g.AddOperation("StatefulPartitionedCall", null, Attributes(mask, 1), a[0])[0]]);
        Output x = _graph.Placeholder(DType.Float64, [2], "x");
        Output y = _graph.AddOperation("StatefulPartitionedCall", null, Attributes(outer, 1), x)[0];
        Assert.Contains("(RandomUniform)", Assert.Throws<GraphException>(() => _graph.Gradients(y, x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_that_draws_random_numbers_has_no_gradient()
    {
        NameAttrList condition = Function("condition", 1, static (g, a) => [g.Less(g.ReduceSum(a[0]), 100.0)]);
        NameAttrList body = Function("body", 1, static (g, a) => [(a[0] * a[0]) + g.RandomUniform(g.Shape(a[0]), dtype: DType.Float64)]);
        Output x = _graph.Placeholder(DType.Float64, [2], "x");
        Output y = _graph.AddOperation("While", null, new AttributeList { { "T", (DType[])[DType.Float64] }, { "cond", condition }, { "body", body } }, x)[0];
        string message = Assert.Throws<GraphException>(() => _graph.Gradients(y, x)).Message;
        Assert.Contains("would be run again", message, StringComparison.Ordinal);
        Assert.Contains("(RandomUniform)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_function_assigns_is_not_assigned_again_for_its_gradient()
    {
        Variable count = _graph.Variable(_graph.Constant(0.0, DType.Float64), useResource: true);
        NameAttrList counting = Function("counting", [DType.Float64, DType.Resource], static (g, a) =>
        {
            Operation counted = g.AddOperation("AssignAddVariableOp", null, new AttributeList { { "dtype", DType.Float64 } }, a[1], g.Constant(1.0, DType.Float64));
            using (g.ControlDependencies(counted))
                return [g.Square(a[0])];
        });
        Output x = _graph.Placeholder(DType.Float64, [2], "x");
        Output y = _graph.AddOperation("StatefulPartitionedCall", null, Attributes(counting, 1), x, count.Reference)[0];
        Output gradient = _graph.Gradients(y, x)[0]!;
        using var session = new Session(_graph);
        session.Run(count.Initializer);
        Assert.Equal([4.0, 6.0], session.Run([gradient, y], new() { [x] = new[] { 2.0, 3.0 } })[0]!.ToArray<double>());
        Assert.Equal(1.0, session.Run(count.Value)!.Item<double>());
    }

    private static AttributeList Attributes(NameAttrList function, int results) => new() { { "Tout", Enumerable.Repeat(DType.Float64, results) }, { "f", function } };

    private NameAttrList Function(string name, int arguments, Func<Graph, Output[], Output[]> build) => Function(name, [.. Enumerable.Repeat(DType.Float64, arguments)], build);

    private NameAttrList Function(string name, DType[] types, Func<Graph, Output[], Output[]> build)
    {
        var graph = new Graph { Library = _graph.Library };
        Output[] arguments = [.. types.Select((t, i) => graph.Placeholder(t, Shape.Unknown, $"a{i}"))];
        return FunctionDefs.AddTo(_graph, name, arguments, build(graph, arguments));
    }

    private void Check(double[] at, Func<Output, Output> build)
    {
        Output x = _graph.Placeholder(DType.Float64, [at.Length], "x");
        Output y = _graph.ReduceSum(build(x));
        Output gradient = _graph.Gradients(y, x)[0]!;
        using var session = new Session(_graph);
        double[] found = session.Run(gradient, new() { [x] = at })!.ToArray<double>();
        for (int i = 0; i < at.Length; i++)
        {
            const double Step = 1e-5;
            double[] above = [.. at], below = [.. at];
            above[i] += Step;
            below[i] -= Step;
            double expected = (session.Run(y, new() { [x] = above })!.Item<double>() - session.Run(y, new() { [x] = below })!.Item<double>()) / (2 * Step);
            Assert.Equal(expected, found[i], 1e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }
}
