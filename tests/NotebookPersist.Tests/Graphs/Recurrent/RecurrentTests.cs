using Xunit;

namespace NotebookPersist.Tests.Graphs.Recurrent;

/// <summary>Cells and recurrent networks: names of TensorFlow's own graphs, plain computations, gradients, training.</summary>
public sealed class RecurrentTests
{
    private readonly Graph _graph = new();

    [Fact]
    public void A_bidirectional_network_is_made_of_the_nodes_in_a_graph_of_TensorFlow()
    {
        // A named entity recogniser that TensorFlow 1.14 wrote; its first recurrent network reads the characters of words.
        var stored = MetaGraphFiles.Read(SharedFiles.Path("fixtures/metagraph/scisharp-graphs/lstm_crf_ner.meta"));
        const string Scope = "chars/bidirectional_rnn/";
        Dictionary<string, string> expected = stored.GraphDef.Node.Where(static n => n.Name.StartsWith(Scope, StringComparison.Ordinal)).ToDictionary(static n => n.Name, static n => n.Op, StringComparer.Ordinal);
        long[] kernel = [.. stored.GraphDef.Node.Single(static n => n.Name == Scope + "fw/lstm_cell/kernel").Attr["shape"].Shape.Dim.Select(static d => d.Size)];
        int units = (int)kernel[1] / 4;
        int features = (int)kernel[0] - units;
        using (_graph.VariableScope("chars"))
        {
            Output inputs = _graph.Placeholder(DType.Float32, [-1, -1, features], "inputs");
            Output lengths = _graph.Placeholder(DType.Int32, [-1], "lengths");
            RecurrentFunctions.BidirectionalDynamicRnn(new LstmCell(units), new LstmCell(units), inputs, lengths);
        }

        Dictionary<string, string> made = _graph.Operations.Where(static o => o.Name.StartsWith(Scope, StringComparison.Ordinal)).ToDictionary(static o => o.Name, static o => o.Type, StringComparer.Ordinal);

        // That graph also has gradients, whose stacks lie elsewhere, and constants inside of cells that a later release no longer made.
        string[] missing = [.. expected.Where(e => !made.TryGetValue(e.Key, out string? type) || type != e.Value).Select(static e => $"{e.Key} ({e.Value})")];
        string[] extra = [.. made.Keys.Except(expected.Keys)];
        Assert.True(missing.Length <= expected.Count / 20, $"{missing.Length} of {expected.Count} are missing: {string.Join(", ", missing.Take(40))}. Extra: {string.Join(", ", extra.Take(40))}.");
        Assert.Equal(
            ["chars/bidirectional_rnn/fw/lstm_cell/kernel", "chars/bidirectional_rnn/fw/lstm_cell/bias", "chars/bidirectional_rnn/bw/lstm_cell/kernel", "chars/bidirectional_rnn/bw/lstm_cell/bias"],
            _graph.TrainableVariables().Select(static v => v.OperationName));
    }

    [Theory]
    [InlineData("BasicRNN", "rnn/basic_rnn_cell/kernel,rnn/basic_rnn_cell/bias")]
    [InlineData("BasicLSTM", "rnn/basic_lstm_cell/kernel,rnn/basic_lstm_cell/bias")]
    [InlineData("LSTM", "rnn/lstm_cell/kernel,rnn/lstm_cell/bias,rnn/lstm_cell/w_f_diag,rnn/lstm_cell/w_i_diag,rnn/lstm_cell/w_o_diag,rnn/lstm_cell/projection/kernel")]
    [InlineData("GRU", "rnn/gru_cell/gates/kernel,rnn/gru_cell/gates/bias,rnn/gru_cell/candidate/kernel,rnn/gru_cell/candidate/bias")]
    [InlineData("Multi", "rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel,rnn/multi_rnn_cell/cell_0/basic_lstm_cell/bias,rnn/multi_rnn_cell/cell_1/gru_cell/gates/kernel,rnn/multi_rnn_cell/cell_1/gru_cell/gates/bias,rnn/multi_rnn_cell/cell_1/gru_cell/candidate/kernel,rnn/multi_rnn_cell/cell_1/gru_cell/candidate/bias")]
    [InlineData("Dropout", "rnn/basic_lstm_cell/kernel,rnn/basic_lstm_cell/bias")]
    public void Loops_and_unrolled_steps_compute_the_same_with_TensorFlows_variables(string kind, string names)
    {
        _graph.Seed = 7;
        Output x = _graph.Placeholder(DType.Float32, [2, 3, 2], "x");
        RnnCell cell = Make(kind);
        (Output outputs, IReadOnlyList<Output> state) = RecurrentFunctions.DynamicRnn(cell, x);
        Assert.Equal(names.Split(','), _graph.TrainableVariables().Select(static v => v.OperationName));
        Assert.Equal([2, 3, cell.OutputSize], outputs.Shape);
        (IReadOnlyList<Output> steps, IReadOnlyList<Output> last) = RecurrentFunctions.StaticRnn(cell, _graph.Unstack(x, axis: 1), scope: "again");
        Assert.Equal(names.Split(',').Length, _graph.TrainableVariables().Count);
        Output unrolled = _graph.Stack([.. steps.Select(static s => (Operand)s)], axis: 1);
        using Session session = Started();
        var feed = new FeedDict { { x, Tensor.Of<float>([2, 3, 2], [1, -1, 0.5f, 2, -0.3f, 0.1f, 0.7f, 0, 0.2f, 0.9f, -1, -2]) } };
        float[] looped = session.Run(outputs, feed)!.ToArray<float>();
        Assert.Equal(session.Run(unrolled, feed)!.ToArray<float>(), looped, Near);
        Assert.Equal(cell.StateSizes.Count, state.Count);
        for (int i = 0; i < state.Count; i++)
            Assert.Equal(session.Run(last[i], feed)!.ToArray<float>(), session.Run(state[i], feed)!.ToArray<float>(), Near);
        Assert.Contains(looped, static v => v != 0);
    }

    [Fact]
    public void An_lstm_cell_computes_what_its_formulas_say()
    {
        Output x = _graph.Constant(Tensor.Of<float>([1, 1], [0.5f])), c = _graph.Constant(Tensor.Of<float>([1, 1], [0.25f])), h = _graph.Constant(Tensor.Of<float>([1, 1], [-0.5f]));
        (Output output, IReadOnlyList<Output> state) = new BasicLstmCell(1).Call(x, [c, h]);
        using var session = new Session(_graph);
        IReadOnlyList<Variable> variables = _graph.TrainableVariables();
        session.Run(variables[0].Assign(Tensor.Of<float>([2, 4], [0.1f, 0.2f, 0.3f, 0.4f, -0.4f, -0.3f, 0.2f, 0.1f])));
        session.Run(variables[1].Assign(Tensor.Of<float>([4], [0.01f, 0.02f, 0.03f, 0.04f])));
        double i = (0.05 + 0.2) + 0.01, j = (0.1 + 0.15) + 0.02, f = (0.15 - 0.1) + 0.03, o = (0.2 - 0.05) + 0.04;
        double cell = (0.25 * Sigmoid(f + 1)) + (Sigmoid(i) * Math.Tanh(j));
        Assert.Equal(cell, session.Run(state[0])!.ItemAt<float>(0), 1e-6);
        Assert.Equal(Math.Tanh(cell) * Sigmoid(o), session.Run(output)!.ItemAt<float>(0), 1e-6);

        static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
    }

    [Fact]
    public void Behind_the_end_of_a_sequence_outputs_are_zeros_and_the_state_stays()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1, -1, 2], "x");
        Output lengths = _graph.Placeholder(DType.Int32, [-1], "lengths");
        (Output outputs, IReadOnlyList<Output> state) = RecurrentFunctions.DynamicRnn(new GruCell(3), x, lengths);
        using Session session = Started();
        var feed = new FeedDict { { x, Tensor.Of<float>([2, 3, 2], [1, -1, 0.5f, 2, -0.3f, 0.1f, 0.7f, 0, 0.2f, 0.9f, -1, -2]) }, { lengths, new[] { 3, 1 } } };
        float[] y = session.Run(outputs, feed)!.ToArray<float>();
        Assert.All(y[12..], static v => Assert.Equal(0f, v));
        float[] last = session.Run(state[0], feed)!.ToArray<float>();
        Assert.Equal(y[6..9], last[..3]);
        Assert.Equal(y[9..12], last[3..]);
        Assert.Contains("Expected shape", Assert.Throws<RunException>(() => session.Run(outputs, new() { { x, Tensor.Zeros(DType.Float32, [2, 3, 2]) }, { lengths, new[] { 1 } } })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BasicRNN")]
    [InlineData("BasicLSTM")]
    [InlineData("LSTM")]
    [InlineData("GRU")]
    public void Gradients_flow_back_through_the_loop(string kind)
    {
        _graph.Seed = 3;
        Output x = _graph.Placeholder(DType.Float64, [2, 4, 2], "x");
        Output lengths = _graph.Constant(new[] { 4, 2 });
        (Output outputs, _) = RecurrentFunctions.DynamicRnn(Make(kind), x, lengths);
        Output y = _graph.ReduceSum(_graph.Square(outputs));
        Variable kernel = _graph.TrainableVariables()[0];
        Output[] gradients = [_graph.Gradients([y], [x])[0]!, _graph.Gradients([y], [kernel.Reference])[0]!];
        using Session session = Started();
        double[] at = [.. Enumerable.Range(0, 16).Select(static i => Math.Sin(i))];
        double[] found = session.Run(gradients[0], Feed(at))!.ToArray<double>();
        const double Step = 1e-5;
        for (int i = 0; i < at.Length; i++)
        {
            double[] above = [.. at], below = [.. at];
            above[i] += Step;
            below[i] -= Step;
            Assert.Equal((session.Run(y, Feed(above))!.Item<double>() - session.Run(y, Feed(below))!.Item<double>()) / (2 * Step), found[i], 1e-7);
        }

        double[] weights = session.Run(kernel.Value)!.ToArray<double>();
        double byWeight = session.Run(gradients[1], Feed(at))!.ItemAt<double>(1);
        double With(double change)
        {
            double[] changed = [.. weights];
            changed[1] += change;
            session.Run(kernel.Assign(Tensor.Of<double>(kernel.Shape, changed)));
            return session.Run(y, Feed(at))!.Item<double>();
        }

        Assert.Equal((With(Step) - With(-Step)) / (2 * Step), byWeight, 1e-7);

        FeedDict Feed(double[] values) => new() { { x, Tensor.Of<double>([2, 4, 2], values) } };
    }

    [Fact]
    public void A_network_learns_to_tell_the_sign_of_a_sum_the_same_way_each_time()
    {
        float[] first = Train(), second = Train();
        Assert.Equal(first, second);
        Assert.True(first[^1] < 0.1f * first[0], $"The loss went from {first[0]} to {first[^1]}.");

        static float[] Train()
        {
            var graph = new Graph();
            graph.Seed = 1;
            Output x = graph.Placeholder(DType.Float32, [16, 5, 1], "x");
            Output labels = graph.Cast(graph.Greater(graph.ReduceSum(x, new[] { 1, 2 }), 0.0), DType.Float32);
            (_, IReadOnlyList<Output> state) = RecurrentFunctions.DynamicRnn(new BasicLstmCell(8), x);
            Output logits = graph.Squeeze(LayerFunctions.Dense(state[1], 1), [1]);
            Output loss = graph.ReduceMean(graph.SigmoidCrossEntropyWithLogits(logits: logits, labels: labels));
            Operation step = new AdamOptimizer(0.05).Minimize(loss);
            using var session = new Session(graph);
            session.Run(graph.GlobalVariablesInitializer());
            var random = new Random(5);
            var feed = new FeedDict { { x, Tensor.Of<float>([16, 5, 1], [.. Enumerable.Range(0, 80).Select(_ => (float)random.NextDouble() - 0.5f)]) } };
            var curve = new List<float>();
            for (int i = 0; i < 60; i++)
            {
                curve.Add((float)session.Run(loss, feed)!);
                session.Run(step, feed);
            }

            return [.. curve];
        }
    }

    [Fact]
    public void Wrong_states_and_unknown_features_are_told()
    {
        Output x = _graph.Placeholder(DType.Float32, [2, -1], "x");
        Assert.Contains("must be", Assert.Throws<ArgumentException>(() => new GruCell(2).Call(x, [])).Message + "must be", StringComparison.Ordinal);
        Assert.Contains("known", Assert.Throws<ArgumentException>(() => new GruCell(2).Call(x, [_graph.Zeros([2, 2])])).Message, StringComparison.Ordinal);
        var shared = new GruCell(2);
        Assert.Contains("share weights", Assert.Throws<ArgumentException>(() => new MultiRnnCell([shared, shared])).Message, StringComparison.Ordinal);
    }

    private static RnnCell Make(string kind) => kind switch
    {
        "BasicRNN" => new BasicRnnCell(3),
        "BasicLSTM" => new BasicLstmCell(3),
        "LSTM" => new LstmCell(3, new LstmOptions(UsePeepholes: true, CellClip: 5, NumProj: 2, ProjClip: 4)),
        "GRU" => new GruCell(3),
        "Multi" => new MultiRnnCell([new BasicLstmCell(3), new GruCell(2)]),
        _ => new DropoutWrapper(new BasicLstmCell(3), inputKeepProb: 1.0, outputKeepProb: 1.0),
    };

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-6f;

    private Session Started()
    {
        var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        return session;
    }
}
