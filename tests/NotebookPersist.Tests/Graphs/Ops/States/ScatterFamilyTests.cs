using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.States;

public sealed class ScatterFamilyTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Theory]
    [InlineData("ResourceScatterMul", new[] { 2f, 20f, 90f })]
    [InlineData("ResourceScatterDiv", new[] { 2f, 0.2f, 0.1f })]
    [InlineData("ResourceScatterMin", new[] { 2f, 2f, 3f })]
    [InlineData("ResourceScatterMax", new[] { 2f, 10f, 30f })]
    public void Resource_rows_are_updated(string type, float[] expected)
    {
        Variable variable = _ops.Graph.Variable(new[] { 2f, 2f, 3f }, useResource: true);
        _ops.Session.Run(variable.Initializer);
        _ops.Session.Run(_ops.Add(type, null, variable.Reference, new[] { 1, 2 }, new[] { 10f, 30f }));
        Assert.All(expected.Zip(_ops.Session.Run(variable).ToArray<float>()), static p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    [Fact]
    public void Resource_elements_are_updated_and_gathered_by_position()
    {
        Variable variable = _ops.Graph.Variable(new[,] { { 1, 2 }, { 3, 4 } }, useResource: true);
        _ops.Session.Run(variable.Initializer);
        _ops.Session.Run(_ops.Add("ResourceScatterNdAdd", null, variable.Reference, new[,] { { 0, 1 }, { 1, 0 } }, new[] { 10, 20 }));
        _ops.Session.Run(_ops.Add("ResourceScatterNdSub", null, variable.Reference, new[,] { { 0, 0 } }, new[] { 1 }));
        Assert.Equal([0, 12, 23, 4], _ops.Session.Run(variable).ToArray<int>());
        Tensor gathered = _ops.Run("ResourceGatherNd", new() { { "dtype", DType.Int32 } }, variable.Reference, new[,] { { 1, 0 } })[0];
        Assert.Equal([23], gathered.ToArray<int>());
    }

    [Fact]
    public void Slices_are_assigned()
    {
        Variable variable = _ops.Graph.Variable(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }, useResource: false);
        _ops.Session.Run(variable.Initializer);
        _ops.Session.Run(_ops.Add("StridedSliceAssign", new() { { "shrink_axis_mask", 1 } }, variable.Reference, new[] { 1, 0 }, new[] { 2, 3 }, new[] { 1, 2 }, new[] { 40, 60 }));
        Assert.Equal([1, 2, 3, 40, 5, 60], _ops.Session.Run(variable).ToArray<int>());
        Tensor updated = _ops.Run("TensorStridedSliceUpdate", null, new[] { 1, 2, 3 }, new[] { 0 }, new[] { 2 }, new[] { 1 }, new[] { 8, 9 })[0];
        Assert.Equal([8, 9, 3], updated.ToArray<int>());
    }

    [Fact]
    public void Counters_stop_at_their_limit()
    {
        Variable counter = _ops.Graph.Variable(0, useResource: false);
        _ops.Session.Run(counter.Initializer);
        Output next = _ops.Graph.AddOperation("CountUpTo", null, new() { { "limit", 2 } }, counter.Reference)[0];
        Assert.Equal(0, (int)_ops.Session.Run(next));
        Assert.Equal(1, (int)_ops.Session.Run(next));
        Assert.Contains("Reached limit of 2", Assert.Throws<RunException>(() => _ops.Session.Run(next)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Temporary_variables_live_for_one_run()
    {
        Output temporary = _ops.Graph.AddOperation("TemporaryVariable", null, new() { { "shape", OpRuns.Sizes(2) }, { "dtype", DType.Float32 }, { "var_name", "t" } })[0];
        Output filled = _ops.Graph.Assign(temporary, new[] { 4f, 5f });
        Output added = _ops.Graph.AssignAdd(filled, new[] { 6f, 7f });
        Output last = _ops.Graph.AddOperation("DestroyTemporaryVariable", null, new() { { "var_name", "t" } }, added)[0];
        Assert.Equal([10, 12], _ops.Session.Run(last).ToArray<float>());
        Assert.Equal([10, 12], _ops.Session.Run(last).ToArray<float>());
    }

    [Fact]
    public void Rows_of_a_copy_are_changed_in_place()
    {
        int[,] x = { { 1, 2 }, { 3, 4 } };
        Assert.Equal([1, 2, 8, 9], _ops.Run("InplaceUpdate", null, x, new[] { 1 }, new[,] { { 8, 9 } })[0].ToArray<int>());
        Assert.Equal([11, 12, 3, 4], _ops.Run("InplaceAdd", null, x, new[] { 0 }, new[,] { { 10, 10 } })[0].ToArray<int>());
        Assert.Equal([1, 2, 3, 4], _ops.Run("ParallelConcat", new() { { "shape", OpRuns.Sizes(2, 2) } }, new[,] { { 1, 2 } }, new[,] { { 3, 4 } })[0].ToArray<int>());
        Assert.Equal([4, 6], _ops.Run("TileGrad", null, new[] { 1, 2, 3, 4 }, new[] { 2 })[0].ToArray<int>());
    }
}
