using Xunit;

namespace NotebookPersist.Tests.Graphs;

/// <summary>Operands and tensors written as lists, as in Python.</summary>
public sealed class ListTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Lists_of_numbers_take_the_type_wanted_and_nest()
    {
        Output x = _graph.Placeholder(DType.Float64, [-1, 4]);
        using var session = new Session(_graph);
        Assert.Equal([1.1, 2.1, 3.1, 4.1], session.Run(x + [0.1, 0.1, 0.1, 0.1], new() { [x] = new double[,] { { 1, 2, 3, 4 } } }).ToArray<double>());
        Assert.Equal([2, 2], _graph.Reshape(_graph.Constant([1, 2, 3, 4]), [2, -1]).Shape.ToArray());
        Assert.Equal(DType.Int32, _graph.Constant([1, 2]).DType);
        Assert.Equal(DType.Int64, _graph.Constant([1, 1L << 40]).DType);
        Assert.Equal(DType.Float32, _graph.Constant([1, 2.5]).DType);
        Assert.Equal(DType.Float64, _graph.Constant([1, 2], DType.Float64).DType);
        Assert.Equal(DType.String, _graph.Constant(["a", "b"]).DType);
        Output matrix = _graph.Constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        Assert.Equal([2, 3], matrix.Shape.ToArray());
        Assert.Equal([1f, 2, 3, 4, 5, 6], session.Run(matrix).ToArray<float>());
        Assert.Equal([5f, 7, 9], session.Run(_graph.ReduceSum(matrix, [0])).ToArray<float>());
        Assert.Equal([0], _graph.Constant([]).Shape.ToArray());
        Assert.Throws<ArgumentException>(() => _graph.Constant([[1, 2], [3]]));
        Assert.Throws<ArgumentException>(() => _graph.Constant([1, "a"]));
        Assert.Throws<ArgumentException>(() => _graph.Constant([1, default]));
    }

    [Fact]
    public void Symbolic_elements_are_stacked_by_a_node()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 6], "x");
        Output folded = _graph.Reshape(x, [_graph.Shape(x)[0], 3, 2]);
        Assert.Equal("[?,3,2]", folded.Shape.ToString());
        Assert.True(_graph.TryGetOperation("packed", out Operation? packed));
        Assert.Equal("Pack", packed!.Type);
        using var session = new Session(_graph);
        Assert.Equal([2, 3, 2], session.Run(folded, new() { [x] = new float[2, 6] }).Shape.ToArray());
    }

    [Fact]
    public void Numbers_of_a_list_are_gone_through_and_others_are_not()
    {
        Operand list = [1, 2.5];
        var sum = 0.0;
        foreach (Operand number in list)
            sum += number.Value!.ItemAt<double>(0);
        Assert.Equal(3.5, sum);
        Assert.Throws<InvalidOperationException>(() => Rows(_graph.Constant([1])));

        static void Rows(Operand operand)
        {
            foreach (Operand row in operand)
                GC.KeepAlive(row);
        }
    }

    [Fact]
    public void Tensors_are_lists_of_their_rows()
    {
        Tensor matrix = [[1f, 2f], [3f, 4f], [5f, 6f]];
        Assert.Equal([3, 2], matrix.Shape.ToArray());
        Assert.Equal([1f, 2, 3, 4, 5, 6], matrix.ToArray<float>());
        Tensor mixed = [1, 2.5, 3L];
        Assert.Equal([1, 2.5, 3], mixed.ToArray<double>());
        Tensor words = ["a", "b"];
        Assert.Equal(2, words.Strings.Length);
        Assert.Equal([1f, 3, 5], Each(matrix).Select(static row => row.ItemAt<float>(0)));
        Assert.Equal("b"u8.ToArray(), Each(words)[1].Strings[0]);
        Assert.Throws<ArgumentException>(() => Ragged());
        Assert.Throws<InvalidOperationException>(() => Each(1f));

        Output x = _graph.Placeholder(DType.Float32, [-1], "x");
        using var session = new Session(_graph);
        Assert.Equal([2f, 4f], session.Run(x * 2f, new() { [x] = [1f, 2f] }).ToArray<float>());
        Assert.Equal([2f, 3f], session.Run(x * 2f, new() { [x] = [1, 1.5] }).ToArray<float>());

        static List<Tensor> Each(Tensor tensor)
        {
            List<Tensor> rows = [];
            foreach (Tensor row in tensor)
                rows.Add(row);
            return rows;
        }

        static Tensor Ragged() => [[1f], [2f, 3f]];
    }

    [Fact]
    public void Lists_and_dictionaries_of_a_graphs_parts_are_fetched()
    {
        Variable a = _graph.Variable(2f, name: "a"), b = _graph.Variable(3f, name: "b");
        Output loss = a * 5f;
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Assert.Equal([2f, 3f], session.Run(_graph.GlobalVariables()).Select(static t => t!.ItemAt<float>(0)));
        Output?[] gradients = _graph.Gradients(loss, a, b);
        Assert.Equal(5f, session.Run(gradients[..1])[0]!.ItemAt<float>(0));
        Assert.Contains("Fetch 1 is null", Assert.Throws<ArgumentException>(() => session.Run(gradients)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => session.Run(new object[] { new Version() }));
        Assert.Equal(10f, session.Run(new Dictionary<string, Output> { ["loss"] = loss })["loss"]!.ItemAt<float>(0));
        Assert.Equal(10f, session.Run(new Dictionary<string, Fetch> { ["loss"] = loss })["loss"]!.ItemAt<float>(0));
    }

    [Fact]
    public void Loops_of_several_variables_are_written_with_their_names()
    {
        (Output i, Output sum) = _graph.WhileLoop((i, _) => i < 5, (i, sum) => (i + 1, sum + i), (0, 0));
        (Output n, Output a, Output b) = _graph.WhileLoop((n, _, _) => n < 10, (n, a, b) => (n + 1, b, a + b), (0, 0, 1));
        using var session = new Session(_graph);
        Assert.Equal([5, 10], session.Run([i, sum]).Select(static t => t!.ItemAt<int>(0)));
        Assert.Equal([10, 55, 89], session.Run([n, a, b]).Select(static t => t!.ItemAt<int>(0)));
    }
}
