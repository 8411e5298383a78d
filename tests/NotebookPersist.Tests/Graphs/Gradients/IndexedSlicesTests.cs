using Xunit;

namespace NotebookPersist.Tests.Graphs.Gradients;

public sealed class IndexedSlicesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_gathered_rows_is_the_rows_and_their_sum(bool resource)
    {
        var graph = new Graph();
        Variable table = Table(graph, resource);
        Output gathered = graph.Gather(table, new[] { 2, 0, 2 });
        Output weights = graph.Constant(Tensor.Of<float>([3, 2], [1, 2, 3, 4, 5, 6]));
        Output gradient = graph.Gradients(graph.ReduceSum(gathered * weights), table.Reference)[0]!;
        IndexedSlices slices = gradient.Slices!;
        Assert.NotNull(slices);
        using Session session = Started(graph);
        Assert.Equal([2, 0, 2], session.Run(slices.Indices)!.ToArray<int>());
        Assert.Equal([1f, 2, 3, 4, 5, 6], session.Run(slices.Values)!.ToArray<float>());
        Assert.Equal([4, 2], session.Run(slices.DenseShape!)!.ToArray<int>());
        Assert.Equal([3f, 4, 0, 0, 6, 8, 0, 0], session.Run(gradient)!.ToArray<float>());
    }

    [Fact]
    public void The_rows_are_made_by_TensorFlows_nodes()
    {
        var graph = new Graph();
        Variable table = Table(graph, resource: false);
        Output loss = graph.ReduceSum(graph.Gather(table, new[] { 1, 1 }, name: "lookup"));
        IndexedSlices slices = graph.Gradients([loss], [table.Reference])[0]!.Slices!;
        Assert.Equal("gradients/lookup_grad/Reshape:0", slices.Values.Name);
        Assert.Equal("gradients/lookup_grad/Reshape_1:0", slices.Indices.Name);
        Assert.Equal("Cast", slices.DenseShape!.Operation.Type);
        Assert.Equal("loc:@table", slices.DenseShape.Operation.Attributes.Strings("_class").Single());
        Assert.Equal(["Shape", "Size", "ExpandDims", "strided_slice", "concat"],
            new[] { "Shape", "Size", "ExpandDims", "strided_slice", "concat" }.Where(n => graph.TryGetOperation("gradients/lookup_grad/" + n, out _)));
    }

    [Fact]
    public void Several_contributions_are_put_one_after_another()
    {
        var graph = new Graph();
        Variable table = Table(graph, resource: false);
        Output first = graph.Gather(table, new[] { 1 });
        Output second = graph.Gather(table, graph.Constant(Tensor.Of<long>([2], [3, 1])));
        Output loss = graph.ReduceSum(first * 2.0) + graph.ReduceSum(second * 5.0);
        Output sparse = graph.Gradients([loss], [table.Reference])[0]!;
        Output mixed = graph.Gradients([loss + graph.ReduceSum(table.Value)], [table.Reference])[0]!;
        using Session session = Started(graph);
        Assert.Equal(DType.Int64, sparse.Slices!.Indices.DType);
        Assert.Equal([1L, 1, 3], session.Run(sparse.Slices.Indices)!.ToArray<long>().Order());
        Assert.Equal([0f, 0, 7, 7, 0, 0, 5, 5], session.Run(sparse)!.ToArray<float>());
        Assert.Equal(7, session.Run(mixed.Slices!.Indices)!.Count);
        Assert.Equal([1f, 1, 8, 8, 1, 1, 6, 6], session.Run(mixed)!.ToArray<float>());
    }

    [Fact]
    public void Clipping_scales_the_rows_by_their_own_norm()
    {
        var graph = new Graph();
        Variable table = Table(graph, resource: false);
        Output loss = graph.ReduceSum(graph.Gather(table, new[] { 1, 1 }) * Tensor.Of<float>([2, 2], [3, 0, 0, 4]));
        Output gradient = graph.Gradients([loss], [table.Reference])[0]!;
        (Output?[] clipped, Output norm) = graph.ClipByGlobalNorm([gradient, null], 1.0);
        Output byNorm = graph.ClipByNorm(gradient, 2.5);
        Output byValue = graph.ClipByValue(gradient, -1.0, 1.0);
        using Session session = Started(graph);
        Assert.Equal(5f, (float)session.Run(norm)!, 1e-6f);
        Assert.Null(clipped[1]);
        Assert.Equal([0.6f, 0, 0, 0.8f], session.Run(clipped[0]!.Slices!.Values)!.ToArray<float>(), Near);
        Assert.Equal([0f, 0, 0.6f, 0.8f, 0, 0, 0, 0], session.Run(clipped[0]!)!.ToArray<float>(), Near);
        Assert.Equal([1.5f, 0, 0, 2], session.Run(byNorm.Slices!.Values)!.ToArray<float>(), Near);
        Assert.Equal([1f, 0, 0, 1], session.Run(byValue.Slices!.Values)!.ToArray<float>());
    }

    [Fact]
    public void Slices_made_by_hand_are_values_like_any_other()
    {
        var graph = new Graph();
        Output values = graph.Constant(Tensor.Of<float>([2, 1], [1, 2])), indices = graph.Constant(Tensor.Of<int>([2], [1, 1]));
        Output dense = new IndexedSlices(values, indices, graph.Constant(Tensor.Of<int>([2], [3, 1])));
        using var session = new Session(graph);
        Assert.Equal([0f, 6, 0], session.Run(dense * 2.0)!.ToArray<float>());
        Assert.Contains("dense_shape", Assert.Throws<InvalidOperationException>(() => new IndexedSlices(values, indices).ToDense()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new IndexedSlices(values, values));
    }

    [Theory]
    [InlineData(AggregationMethod.Default, "AddN", 1)]
    [InlineData(AggregationMethod.ExperimentalTree, "AddN", 2)]
    [InlineData(AggregationMethod.ExperimentalAccumulateN, "AccumulateNV2", 1)]
    public void Contributions_are_summed_as_asked_for(AggregationMethod method, string type, int count)
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [2], "x");
        Output y = graph.AddN([x * 2.0, graph.Square(x), graph.Exp(x)]);
        Output gradient = graph.Gradients([y], [x], aggregationMethod: method)[0]!;
        Assert.Equal(count, graph.Operations.Count(o => o.Type == type && o.Name.StartsWith("gradients/", StringComparison.Ordinal)));
        using var session = new Session(graph);
        float[] found = session.Run(gradient, new() { [x] = new[] { 0f, 1f } })!.ToArray<float>();
        Assert.Equal([3f, 4f + MathF.E], found, Near);
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-5f;

    private static Variable Table(Graph graph, bool resource) =>
        graph.Variable(Tensor.Of<float>([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), "table", useResource: resource);

    private static Session Started(Graph graph)
    {
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return session;
    }
}
