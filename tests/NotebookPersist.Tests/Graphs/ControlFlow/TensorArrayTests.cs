using Xunit;

namespace NotebookPersist.Tests.Graphs.ControlFlow;

public sealed class TensorArrayTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void Values_are_written_gathered_and_counted()
    {
        TensorArray array = new TensorArray(_graph, DType.Float32, 3).Write(2, new[] { 5f, 6f }).Write(0, new[] { 1f, 2f }).Write(1, new[] { 3f, 4f });
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], Run(array.ToArray()).ToArray<float>());
        Assert.Equal([5f, 6f, 1f, 2f], Run(array.Gather(new[] { 2, 0 })).ToArray<float>());
        Assert.Equal(3, Run(array.Size()).Item<int>());
        Assert.Equal([3f, 4f], Run(array.Read(1)).ToArray<float>());
    }

    [Fact]
    public void Values_are_scattered_split_and_joined()
    {
        TensorArray rows = new TensorArray(_graph, DType.Int32, 3).Unstack(new[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        Assert.Equal([3, 4], Run(rows.Read(1)).ToArray<int>());
        TensorArray pieces = new TensorArray(_graph, DType.Float32, 2, inferShape: false).Split(new[] { 1f, 2f, 3f }, new long[] { 1, 2 });
        Assert.Equal([2f, 3f], Run(pieces.Read(1)).ToArray<float>());
        Assert.Equal([1f, 2f, 3f], Run(pieces.Concat()).ToArray<float>());
    }

    [Fact]
    public void Equal_pieces_tell_their_shape()
    {
        TensorArray pieces = new TensorArray(_graph, DType.Int32, 2).Split(new[,] { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } }, _graph.Constant(new[] { 2, 2 }));
        Assert.Equal([2, 2], pieces.Read(0).Shape);
        Assert.Equal([5, 6, 7, 8], Run(pieces.Read(1)).ToArray<int>());
    }

    [Fact]
    public void Arrays_grow_where_they_may()
    {
        TensorArray array = new TensorArray(_graph, DType.Float32, 0, dynamicSize: true, elementShape: Shape.Scalar).Write(3, 7f);
        Assert.Equal([0f, 0f, 0f, 7f], Run(array.ToArray()).ToArray<float>());
        TensorArray fixedSize = new TensorArray(_graph, DType.Float32, 1).Write(3, 7f);
        Fails(fixedSize.Flow, "Tried to write to index 3 but array is not resizeable and size is: 1");
    }

    [Fact]
    public void What_was_read_is_gone_unless_it_is_kept()
    {
        Output twice = Twice(new TensorArray(_graph, DType.Float32, 1, clearAfterRead: false).Write(0, 2f));
        Assert.Equal(4f, Run(twice).Item<float>());
        Fails(Twice(new TensorArray(_graph, DType.Float32, 1).Write(0, 2f)), "Could not read index 0 twice because it was cleared after previous reading");
    }

    [Fact]
    public void Misuse_is_told_in_TensorFlows_words()
    {
        Fails(new TensorArray(_graph, DType.Float32, 1).Write(0, 1f).Write(0, 2f).Flow, "Could not write to TensorArray index 0 because it has already been written to.");
        Fails(new TensorArray(_graph, DType.Float32, 2).Read(5), "Tried to read from index 5 but array size is: 2");
        Fails(new TensorArray(_graph, DType.Float32, 2).Read(0), "Could not read from TensorArray index 0.");
        Fails(new TensorArray(_graph, DType.Float32, -1).Flow, "Size should be >= 0.");
        Fails(new TensorArray(_graph, DType.Float32, 2).Write(0, new[] { 1f }).Write(1, 2f).Flow, "which is incompatible with the TensorArray's inferred element shape");
        TensorArray closed = new(_graph, DType.Float32, 2);
        using (_graph.ControlDependencies(closed.Close()))
            Fails(_graph.Identity(closed.Size()), "has already been closed");
    }

    [Fact]
    public void Each_run_has_an_array_of_its_own()
    {
        Output value = new TensorArray(_graph, DType.Float32, 1).Write(0, 1f).Read(0);
        using var session = new Session(_graph);
        for (int i = 0; i < 3; i++)
            Assert.Equal(1f, session.Run(value).Item<float>());
    }

    [Fact]
    public void What_is_read_several_times_gathers_its_gradient()
    {
        Output x = _graph.Constant(new[] { 1.0, 2.0, 3.0 });
        TensorArray array = new TensorArray(_graph, DType.Float64, 3, clearAfterRead: false).Unstack(x);
        Output y = _graph.Square(array.Read(1)) + 10 * array.Read(1) + array.Read(2);
        Output gradient = _graph.Gradients(y, x)[0]!;
        Assert.Equal([0.0, 14.0, 1.0], Run(gradient).ToArray<double>());
    }

    private Output Twice(TensorArray array)
    {
        Output first = array.Read(0);
        using (_graph.ControlDependencies(first))
            return _graph.Add(first, array.Read(0));
    }

    private Tensor Run(Output value)
    {
        using var session = new Session(_graph);
        return session.Run(value);
    }

    private void Fails(Output value, string message)
    {
        RunException fault = Assert.Throws<RunException>(() => Run(value));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
