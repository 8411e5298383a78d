using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Lists;

public sealed class TensorListTests : IDisposable
{
    private static readonly int[] Rows = [2];

    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Fact]
    public void Lists_grow_shrink_and_stack_without_changing_those_they_came_from()
    {
        Graph graph = _ops.Graph;
        Output empty = graph.AddOperation("EmptyTensorList", null, Of(DType.Float32), Rows, -1)[0];
        Output one = Push(graph, empty, new[] { 1f, 2f });
        Output two = Push(graph, one, new[] { 3f, 4f });
        Output other = Push(graph, one, new[] { 5f, 6f });
        Assert.Equal([1, 2, 3, 4], _ops.Session.Run(Stack(graph, two, DType.Float32)).ToArray<float>());
        Assert.Equal([1, 2, 5, 6], _ops.Session.Run(Stack(graph, other, DType.Float32)).ToArray<float>());
        Operation pop = graph.AddOperation("TensorListPopBack", null, Of(DType.Float32), two, Rows);
        Assert.Equal([3, 4], _ops.Session.Run(pop[1]).ToArray<float>());
        Assert.Equal(1, (int)_ops.Session.Run(graph.AddOperation("TensorListLength", null, null, pop[0])[0]));
        Output wrong = Push(graph, empty, new[] { 1f });
        Assert.Contains("incompatible shape", Assert.Throws<RunException>(() => _ops.Session.Run(Stack(graph, wrong, DType.Float32))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reserved_elements_are_zeros_until_they_are_set()
    {
        Graph graph = _ops.Graph;
        Output list = graph.AddOperation("TensorListReserve", null, Of(DType.Int32), Rows, 3)[0];
        Output set = graph.AddOperation("TensorListSetItem", null, null, list, 1, new[] { 7, 8 })[0];
        Assert.Equal([0, 0, 7, 8, 0, 0], _ops.Session.Run(Stack(graph, set, DType.Int32)).ToArray<int>());
        Output beyond = graph.AddOperation("TensorListGetItem", null, Of(DType.Int32), set, 3, Rows)[0];
        Assert.Contains("element 3 in a list with 3 elements", Assert.Throws<RunException>(() => _ops.Session.Run(beyond)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_scattered_gathered_split_and_joined()
    {
        Graph graph = _ops.Graph;
        Tensor rows = new[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } };
        Output scattered = graph.AddOperation("TensorListScatterV2", null, null, rows, new[] { 2, 0, 3 }, Rows, -1)[0];
        Tensor gathered = _ops.Session.Run(graph.AddOperation("TensorListGather", null, Of(DType.Int32), scattered, new[] { 3, 0, 1 }, Rows)[0]);
        Assert.Equal([5, 6, 3, 4, 0, 0], gathered.ToArray<int>());
        Output split = graph.AddOperation("TensorListSplit", null, null, rows, new[] { -1, 2 }, new[] { 1L, 0L, 2L })[0];
        Tensor[] joined = _ops.Run("TensorListConcatV2", Of(DType.Int32), split, new[] { -1, 2 }, Array.Empty<long>());
        Assert.Equal([1, 2, 3, 4, 5, 6], joined[0].ToArray<int>());
        Assert.Equal([1, 0, 2], joined[1].ToArray<long>());
    }

    [Fact]
    public void Gradients_flow_through_lists()
    {
        Tensor x = new[,] { { 0.1, 0.2 }, { 0.3, 0.4 }, { 0.5, 0.6 } };
        GradientCheck.Run("stacking", static (g, xs) => g.Square(Stack(g, List(g, xs[0]), DType.Float64)), [x]);
        GradientCheck.Run("items", static (g, xs) => g.Square(Item(g, List(g, xs[0]), 1) * Item(g, List(g, xs[0]), 2)), [x]);
        GradientCheck.Run("gathering", static (g, xs) => g.Square(g.AddOperation("TensorListGather", null, Of(DType.Float64), List(g, xs[0]), new[] { 2, 0 }, Rows)[0]), [x]);
        GradientCheck.Run("pushing", static (g, xs) =>
        {
            Output list = Push(g, Push(g, g.AddOperation("EmptyTensorList", null, Of(DType.Float64), Rows, -1)[0], xs[0]), g.Square(xs[0]));
            return g.Square(Stack(g, list, DType.Float64));
        }, [new[] { 0.3, 0.7 }]);
        GradientCheck.Run("setting", static (g, xs) => g.Square(Stack(g, g.AddOperation("TensorListSetItem", null, null, List(g, xs[0]), 1, xs[1])[0], DType.Float64)), [x, new[] { 0.8, 0.9 }]);
        GradientCheck.Run("scattering", static (g, xs) => g.Square(Stack(g, g.AddOperation("TensorListScatterV2", null, null, xs[0], new[] { 2, 0, 1 }, Rows, -1)[0], DType.Float64)), [x]);
        GradientCheck.Run("joining", static (g, xs) =>
        {
            Output list = g.AddOperation("TensorListSplit", null, null, xs[0], new[] { -1, 2 }, new[] { 1L, 2L })[0];
            return g.Square(g.AddOperation("TensorListConcatV2", null, Of(DType.Float64), list, new[] { -1, 2 }, Array.Empty<long>())[0]);
        }, [x]);
    }

    private static AttributeList Of(DType type) => new() { { "element_dtype", type } };

    private static Output List(Graph graph, Output rows) => graph.AddOperation("TensorListFromTensor", null, null, rows, Rows)[0];

    private static Output Item(Graph graph, Output list, int index) => graph.AddOperation("TensorListGetItem", null, Of(DType.Float64), list, index, Rows)[0];

    private static Output Push(Graph graph, Output list, Operand item) => graph.AddOperation("TensorListPushBack", null, null, list, item)[0];

    private static Output Stack(Graph graph, Output list, DType type) => graph.AddOperation("TensorListStack", null, Of(type), list, Rows)[0];
}
