using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Arrays;

public sealed class ArrayOpsTests
{
    private static readonly int[,] Grid = { { 0, 1, 2, 3 }, { 4, 5, 6, 7 }, { 8, 9, 10, 11 } };
    private readonly Graph _graph = new();

    [Fact]
    public void Indices_take_what_python_slices_take()
    {
        Output x = _graph.Constant(Grid);
        Assert.Equal([4, 5, 6, 7], Run(x[1]));
        Assert.Equal([11], Run(x[^1, ^1]));
        Assert.Equal([1, 2, 5, 6], Run(x[..2, 1..^1]));
        Assert.Equal([3, 2, 1, 0], Run(x[0, SliceIndex.Span(step: -1)]));
        Assert.Equal([3, 7, 11], Run(x[SliceIndex.Ellipsis, 3]));
        Assert.Equal([3, 1, 4], Eval(x[.., SliceIndex.NewAxis]).Shape.ToArray());
        Assert.Equal([8, 9, 10, 11], Run(x[_graph.Constant(2)]));
    }

    [Fact]
    public void Indices_make_the_nodes_that_python_makes()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 4], "x");
        Output row = x[0];
        Assert.Equal("strided_slice", row.Operation.Name);
        Assert.Equal(["x", "strided_slice/stack", "strided_slice/stack_1", "strided_slice/stack_2"], row.Operation.Inputs.Select(static i => i.Operation.Name));
        Assert.Equal([4], row.Shape.ToArray());
        Assert.Equal(1, row.Operation.Attributes.Int("shrink_axis_mask"));
    }

    [Fact]
    public void A_position_outside_is_told_when_the_graph_is_built()
    {
        GraphException fault = Assert.Throws<GraphException>(() => _graph.Constant(Grid)[3]);
        Assert.Contains("slice index 3 of dimension 0 out of bounds.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reshape_knows_what_follows_from_partly_known_shapes()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, 7, 7, 64]);
        Output shape = _graph.Shape(x);
        Assert.Equal([-1, 3136], _graph.Reshape(x, _graph.Stack([shape[0], 3136])).Shape.ToArray());
        Assert.Equal([-1, 49, 64], _graph.Reshape(x, _graph.Concat([shape[..1], new[] { 49 }, shape[3..]], 0)).Shape.ToArray());
        Output known = _graph.Zeros([2, 6]);
        Assert.Equal([3, 4], _graph.Reshape(known, new[] { 3, -1 }).Shape.ToArray());
        Assert.Throws<GraphException>(() => _graph.Reshape(known, new[] { 5, -1 }));
    }

    [Fact]
    public void Shapes_sizes_and_ranks_that_are_known_become_constants()
    {
        Output x = _graph.Zeros([2, 3]);
        Assert.Equal("Const", _graph.Shape(x).Operation.Type);
        Assert.Equal([2, 3], Run(_graph.Shape(x)));
        Assert.Equal([6], Run(_graph.Size(x)));
        Assert.Equal([2], Run(_graph.Rank(x)));
        Assert.Equal("Shape", _graph.Shape(_graph.Placeholder(DType.Float32, [-1])).Operation.Type);
    }

    [Fact]
    public void Transposes_reverse_all_dimensions_or_follow_an_order()
    {
        Output x = _graph.Constant(Grid);
        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], Run(_graph.Transpose(x)));
        Output cube = _graph.Reshape(_graph.Range(24), new[] { 2, 3, 4 });
        Tensor moved = Eval(_graph.Transpose(cube, new[] { 2, 0, 1 }));
        Assert.Equal([4, 2, 3], moved.Shape.ToArray());
        Assert.Equal([0, 4, 8, 12, 16, 20, 1, 5], moved.ToArray<int>()[..8]);
    }

    [Fact]
    public void A_large_transpose_moves_every_element()
    {
        Tensor moved = Eval(_graph.Transpose(_graph.Reshape(_graph.Range(300 * 411), new[] { 300, 411 })));
        int[] values = moved.ToArray<int>();
        for (int i = 0; i < values.Length; i++)
            Assert.Equal((i % 300 * 411) + (i / 300), values[i]);
    }

    [Fact]
    public void Joins_and_splits_undo_each_other()
    {
        Output x = _graph.Constant(Grid);
        IReadOnlyList<Output> halves = _graph.Split(x, 2, axis: 1);
        Assert.Equal([0, 1, 4, 5, 8, 9], Run(halves[0]));
        Assert.Equal(Flat(), Run(_graph.Concat([halves[0], halves[1]], axis: -1)));
        IReadOnlyList<Output> pieces = _graph.Split(x, new[] { 1, 3 }, axis: 1);
        Assert.Equal([1, 2, 3, 5, 6, 7, 9, 10, 11], Run(pieces[1]));
        Assert.Equal(Flat(), Run(_graph.Stack([.. _graph.Unstack(x, axis: 1)], axis: 1)));
    }

    [Fact]
    public void Pads_surround_with_a_value_or_with_the_mirror_image()
    {
        Output x = _graph.Constant(new[] { 1, 2, 3 });
        int[,] around = { { 2, 1 } };
        Assert.Equal([0, 0, 1, 2, 3, 0], Run(_graph.Pad(x, around)));
        Assert.Equal([9, 9, 1, 2, 3, 9], Run(_graph.Pad(x, around, constantValues: 9)));
        Assert.Equal([3, 2, 1, 2, 3, 2], Run(_graph.Pad(x, around, "REFLECT")));
        Assert.Equal([2, 1, 1, 2, 3, 3], Run(_graph.Pad(x, around, "SYMMETRIC")));
    }

    [Fact]
    public void Tiles_rolls_and_reverses_move_rows()
    {
        Output x = _graph.Constant(new[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal([1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4], Run(_graph.Tile(x, new[] { 2, 2 })));
        Assert.Equal([4, 3, 2, 1], Run(_graph.Roll(x, new[] { 1, 1 }, new[] { 0, 1 })));
        Assert.Equal([2, 1, 4, 3], Run(_graph.Reverse(x, new[] { -1 })));
        Output rows = _graph.Constant(Grid);
        Assert.Equal([1, 0, 2, 3, 4, 5, 6, 7, 11, 10, 9, 8], Run(_graph.ReverseSequence(rows, new[] { 2, 0, 4 }, seqAxis: 1)));
    }

    [Fact]
    public void Gathers_pick_along_any_dimension()
    {
        Output x = _graph.Constant(Grid);
        Assert.Equal([8, 9, 10, 11, 0, 1, 2, 3], Run(_graph.Gather(x, new[] { 2, 0 })));
        Assert.Equal([3, 1, 7, 5, 11, 9], Run(_graph.Gather(x, new[] { 3, 1 }, axis: 1)));
        Assert.Equal([1, 6, 11], Run(_graph.Gather(x, new[,] { { 1 }, { 2 }, { 3 } }, axis: 1, batchDims: 1)));
        Assert.Equal([6, 8], Run(_graph.GatherNd(x, new[,] { { 1, 2 }, { 2, 0 } })));
    }

    [Fact]
    public void An_index_outside_is_named()
    {
        Output indices = _graph.Placeholder(DType.Int32, [2]);
        using var session = new Session(_graph);
        Output picked = _graph.Gather(_graph.Constant(Grid), indices);
        RunException fault = Assert.Throws<RunException>(() => session.Run(picked, new FeedDict { { indices, new[] { 0, 3 } } }));
        Assert.Contains("indices[1] = 3 is not in [0, 3)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scatters_sum_or_replace()
    {
        int[,] places = { { 1 }, { 3 }, { 1 } };
        Assert.Equal([0, 40, 0, 20], Run(_graph.ScatterNd(places, new[] { 10, 20, 30 }, new[] { 4 })));
        Assert.Equal([1, 30, 1, 20], Run(_graph.TensorScatterUpdate(new[] { 1, 1, 1, 1 }, places, new[] { 10, 20, 30 })));
        Assert.Equal([1, -39, 1, -19], Run(_graph.TensorScatterSub(new[] { 1, 1, 1, 1 }, places, new[] { 10, 20, 30 })));
    }

    [Fact]
    public void Partitions_are_stitched_together_again()
    {
        Output x = _graph.Constant(new[] { 10, 20, 30, 40 });
        int[] parts = [1, 0, 1, 0];
        IReadOnlyList<Output> values = _graph.DynamicPartition(x, parts, 2);
        IReadOnlyList<Output> places = _graph.DynamicPartition(_graph.Range(4), parts, 2);
        Assert.Equal([20, 40], Run(values[0]));
        Assert.Equal([10, 20, 30, 40], Run(_graph.DynamicStitch([.. places], [.. values])));
    }

    [Fact]
    public void One_hot_is_off_for_indices_outside()
    {
        Tensor hot = Eval(_graph.OneHot(new[] { 1, -1, 2 }, 3));
        Assert.Equal([0f, 1f, 0f, 0f, 0f, 0f, 0f, 0f, 1f], hot.ToArray<float>());
        Assert.Equal([5, 0, 0, 0, 0, 5], Run(_graph.OneHot(new[] { 0, 2 }, 3, 5, 0, axis: 0, dtype: DType.Int32)));
    }

    [Fact]
    public void Ranges_count_up_and_down()
    {
        Assert.Equal([3, 7, 11, 15], Run(_graph.Range(3, 18, 4)));
        Assert.Equal([3, 2, 1], Run(_graph.Range(3, 0, -1)));
        Assert.Equal([0f, 0.5f, 1f, 1.5f], Eval(_graph.Range(0, 2, 0.5)).ToArray<float>());
        Assert.Equal([10f, 11f, 12f], Eval(_graph.LinSpace(10.0, 12.0, 3)).ToArray<float>());
    }

    [Fact]
    public void Strings_are_moved_like_numbers()
    {
        Output x = _graph.Constant(new[] { "a", "b", "c" });
        Tensor moved = Eval(_graph.Concat([x[1..], _graph.Reverse(x, new[] { 0 })], 0));
        Assert.Equal(["b", "c", "c", "b", "a"], moved.Strings.ToArray().Select(System.Text.Encoding.UTF8.GetString));
    }

    [Fact]
    public void Empty_tensors_pass_through()
    {
        Output empty = _graph.Zeros([0, 3]);
        Assert.Equal([3, 0], Eval(_graph.Transpose(empty)).Shape.ToArray());
        Assert.Equal([2, 3], Eval(_graph.Concat([empty, _graph.Ones([2, 3])], 0)).Shape.ToArray());
        Assert.Equal([0, 6], Eval(_graph.Tile(empty, new[] { 1, 2 })).Shape.ToArray());
        Assert.Equal([0, 4], Eval(_graph.Gather(_graph.Constant(Grid), Array.Empty<int>())).Shape.ToArray());
    }

    [Fact]
    public void Check_numerics_names_what_it_found()
    {
        Output checkedValue = _graph.CheckNumerics(_graph.Constant(new[] { 1f, float.NaN }), "oops");
        using var session = new Session(_graph);
        Assert.Contains("oops : Tensor had NaN values", Assert.Throws<RunException>(() => session.Run(checkedValue)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_assertion_shows_its_values()
    {
        Operation assertion = _graph.Assert(false, ["my message", new[,] { { -0.83639f, -0.678706f, 0.316758f }, { 1f, 2f, 3f } }]);
        using var session = new Session(_graph);
        RunException fault = Assert.Throws<RunException>(() => session.Run(assertion));
        Assert.Contains("assertion failed: [my message] [[-0.83639 -0.678706 0.316758]...]", fault.Message, StringComparison.Ordinal);
    }

    private static int[] Flat() => [.. Grid.Cast<int>()];

    private int[] Run(Output output) => Eval(output).ToArray<int>();

    private Tensor Eval(Output output)
    {
        using var session = new Session(_graph);
        return session.Run(output);
    }
}
