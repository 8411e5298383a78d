using Xunit;

namespace NotebookPersist.Tests.Graphs.Recurrent;

/// <summary>Networks whose steps a function decides, and lists that two cells read from both ends, beside the usual loops.</summary>
public sealed class RawRnnTests
{
    private readonly Graph _graph = new() { Seed = 11 };

    [Fact]
    public void A_function_may_do_what_the_usual_loop_does()
    {
        var cell = new BasicLstmCell(3);
        Output x = _graph.Constant(Waves(4, 2, 5)), lengths = _graph.Constant(new[] { 4, 2 });
        (Output expected, IReadOnlyList<Output> expectedState) = RecurrentFunctions.DynamicRnn(cell, x, lengths, timeMajor: true);
        TensorArray inputs = new TensorArray(_graph, DType.Float32, 4, clearAfterRead: false).Unstack(x);
        (TensorArray outputs, IReadOnlyList<Output> state, IReadOnlyList<Output> counted) = RecurrentFunctions.RawRnn(
            cell,
            (time, output, cellState, loopState) =>
            {
                Output finished = _graph.GreaterEqual(time, lengths);
                Output next = _graph.Cond(_graph.ReduceAll(finished), () => _graph.Zeros([2, 5]), () => inputs.Read(time));
                next.SetShape([2, 5]);
                Output count = loopState is null ? _graph.Constant(0) : _graph.Add(loopState[0], 1);
                return new RawRnnStep(finished, next, cellState ?? cell.ZeroState(_graph, 2, DType.Float32), output, [count]);
            },
            _graph,
            scope: "raw");
        using Session session = Started();
        Assert.Equal(session.Run(expected).ToArray<float>(), session.Run(outputs.ToArray()).ToArray<float>());
        for (int i = 0; i < 2; i++)
            Assert.Equal(session.Run(expectedState[i]).ToArray<float>(), session.Run(state[i]).ToArray<float>());
        Assert.Equal(4, session.Run(counted[0]).Item<int>());
        Assert.Equal(2, _graph.TrainableVariables().Count);
    }

    [Fact]
    public void What_is_kept_may_have_another_shape_than_the_outputs()
    {
        var cell = new BasicRnnCell(2);
        (TensorArray outputs, _, IReadOnlyList<Output> none) = RecurrentFunctions.RawRnn(
            cell,
            (time, output, state, _) => new RawRnnStep(
                _graph.Fill(new[] { 3 }, _graph.GreaterEqual(time, 2)),
                _graph.Ones([3, 4]),
                state ?? cell.ZeroState(_graph, 3, DType.Float32),
                output is null ? _graph.Zeros([1]) : _graph.Cast(_graph.Fill(new[] { 3, 1 }, time), DType.Float32)),
            _graph);
        Assert.Empty(none);
        using Session session = Started();
        Assert.Equal([1f, 1, 1, 2, 2, 2], session.Run(outputs.ToArray()).ToArray<float>());
    }

    [Fact]
    public void A_loop_state_that_a_later_step_does_not_give_stays()
    {
        var cell = new BasicRnnCell(2);
        (_, _, IReadOnlyList<Output> kept) = RecurrentFunctions.RawRnn(
            cell,
            (time, output, state, handed) => new RawRnnStep(
                _graph.Fill(new[] { 3 }, _graph.GreaterEqual(time, 2)),
                _graph.Ones([3, 4]),
                state ?? cell.ZeroState(_graph, 3, DType.Float32),
                output,
                handed is null ? [_graph.Constant(7)] : null),
            _graph);
        using Session session = Started();
        Assert.Equal(7, session.Run(Assert.Single(kept)).Item<int>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_cells_read_a_list_from_both_ends(bool hasLengths)
    {
        (RnnCell forward, RnnCell backward) = (new GruCell(2), new GruCell(3));
        Output x = _graph.Constant(Waves(4, 2, 5));
        Operand lengths = hasLengths ? new[] { 4, 3 } : default(Operand);
        (IReadOnlyList<Output> outputs, IReadOnlyList<Output> first, IReadOnlyList<Output> last) = RecurrentFunctions.StaticBidirectionalRnn(forward, backward, _graph.Unstack(x), sequenceLength: lengths);
        Assert.Equal("bidirectional_rnn/bw/gru_cell/gates/kernel", _graph.TrainableVariables()[4].OperationName);
        ((Output Forward, Output Backward) both, (IReadOnlyList<Output> Forward, IReadOnlyList<Output> Backward) states) = RecurrentFunctions.BidirectionalDynamicRnn(forward, backward, x, lengths, timeMajor: true, scope: "again");
        using Session session = Started();
        Output expected = _graph.Concat([both.Forward, both.Backward], 2);
        Assert.Equal(session.Run(expected).ToArray<float>(), session.Run(_graph.Stack([.. outputs.Select(static o => (Operand)o)])).ToArray<float>());
        Assert.Equal(session.Run(states.Forward[0]).ToArray<float>(), session.Run(first[0]).ToArray<float>());
        Assert.Equal(session.Run(states.Backward[0]).ToArray<float>(), session.Run(last[0]).ToArray<float>());
    }

    private static Tensor Waves(params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, static (n, s) => n * s)];
        for (int i = 0; i < values.Length; i++)
            values[i] = MathF.Sin((1.3f * i) + 0.2f);
        return Tensor.Of<float>(shape, values);
    }

    private Session Started()
    {
        Operation initialize = _graph.GlobalVariablesInitializer();
        var session = new Session(_graph);
        session.Run(initialize);
        return session;
    }
}
