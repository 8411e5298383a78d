namespace NotebookPersist.Benchmarks;

/// <summary>VGG-16 with random weights, from images to scores, and the same network for the peer.</summary>
internal sealed class VggNetwork
{
    private static readonly int[][] Blocks = [[3, 64, 64], [64, 128, 128], [128, 256, 256, 256], [256, 512, 512, 512], [512, 512, 512, 512]];

    private readonly Graph _graph = new();
    private readonly List<(Variable Variable, long[] Shape, float Scale)> _weights = [];
    private readonly int _batch;
    private readonly int _classes;
    private readonly float[] _images;

    /// <summary>Builds the graph.</summary>
    /// <param name="batch">Number of images.</param>
    /// <param name="classes">Length of the scores.</param>
    public VggNetwork(int batch, int classes)
    {
        (_batch, _classes) = (batch, classes);
        _images = KernelBenchmarks.Numbers(batch * 224 * 224 * 3, 1, 1);
        Output x = _graph.Placeholder(DType.Float32, new[] { batch, 224, 224, 3 }, "images");
        Feeds = new FeedDict { [x] = Tensor.Of<float>([batch, 224, 224, 3], _images) };
        foreach (int[] block in Blocks)
        {
            for (int i = 1; i < block.Length; i++)
                x = _graph.Relu(_graph.BiasAdd(_graph.Conv2D(x, Weights(MathF.Sqrt(6f / (9 * block[i - 1])), 3, 3, block[i - 1], block[i]), [1, 1, 1, 1], "SAME"), Weights(0.1f, block[i])));
            x = _graph.MaxPool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID");
        }

        x = _graph.Relu(Dense(_graph.Reshape(x, new[] { batch, 25088 }), 25088, 4096));
        Features = _graph.Relu(Dense(x, 4096, 4096));
        Scores = Dense(Features, 4096, classes);
    }

    /// <summary>Images of random numbers, and labels once there is a loss.</summary>
    public FeedDict Feeds { get; }

    /// <summary>Labels only, once there is a loss: for steps whose features are fed.</summary>
    public FeedDict Cached { get; } = [];

    /// <summary>Shape: [batch, 4096].</summary>
    public Output Features { get; }

    /// <summary>Shape: [batch, classes].</summary>
    public Output Scores { get; }

    /// <summary>A step of gradient descent.</summary>
    /// <param name="headOnly">Whether only the last layer learns.</param>
    /// <returns>The node to run, which gives the loss of before the step.</returns>
    public Output Training(bool headOnly)
    {
        Output labels = _graph.Placeholder(DType.Int32, new[] { _batch }, "labels");
        Tensor classes = Tensor.Of<int>([_batch], [.. Enumerable.Range(0, _batch).Select(i => i % _classes)]);
        Feeds[labels] = classes;
        Cached[labels] = classes;
        Output loss = _graph.ReduceMean(_graph.SparseSoftmaxCrossEntropyWithLogits(labels, Scores));
        Operation step = new GradientDescentOptimizer(1e-4f).Minimize(loss, varList: headOnly ? [_weights[^2].Variable, _weights[^1].Variable] : null);
        using (_graph.ControlDependencies([step]))
            return _graph.Identity(loss);
    }

    /// <summary>A session that has the weights.</summary>
    public Session Start(int threads)
    {
        var session = new Session(_graph, new NotebookPersist.SessionOptions { ThreadCount = threads });
        int seed = 10;
        foreach ((Variable variable, long[] shape, float scale) in _weights)
        {
            Tensor values = Tensor.Uninitialized(DType.Float32, shape);
            Fill(values.MutableData<float>(), seed++, scale);
            session.Variables.Get("", variable.OperationName, DType.Float32, shape).Adopt(values);
        }

        return session;
    }

    /// <summary>The same network with the same weights for the peer.</summary>
    public OnnxModel Model()
    {
        var model = new OnnxModel(_batch, 3, 224, 224);
        for (int i = 0; i < _weights.Count; i += 2)
        {
            int[] shape = [.. _weights[i].Shape.Select(static d => (int)d)];
            (float[] weights, float[] bias) = (Values(i), Values(i + 1));
            if (shape.Length == 2)
            {
                if (i == 26)
                    model.Flatten();
                model.MatMul(weights, shape[0], shape[1]).Bias(bias, i + 2 < _weights.Count);
                continue;
            }

            model.Convolution(weights, shape, bias);
            if (_weights[i + 2].Shape.Length == 2 || i is 2 or 6 or 12 or 18)
                model.MaxPool();
        }

        return model;
    }

    /// <summary>The other engines, ready to run on the same images.</summary>
    public Peers Peers(int threads) => new(Model(), KernelBenchmarks.ChannelsFirst(_images, 3, _batch), threads, _batch, 3, 224, 224);

    /// <summary>OnnxRuntime alone.</summary>
    public OnnxPeer Peer(int threads)
    {
        using OnnxModel model = Model();
        return new OnnxPeer(model.ToBytes(), model.Output, KernelBenchmarks.ChannelsFirst(_images, 3, _batch), threads, _batch, 3, 224, 224);
    }

    private float[] Values(int index)
    {
        float[] values = new float[_weights[index].Shape.Aggregate(static (a, b) => a * b)];
        Fill(values, 10 + index, _weights[index].Scale);
        return values;
    }

    private static void Fill(Span<float> values, int seed, float scale)
    {
        // A generator of a few instructions: there are 138 million numbers to make.
        uint state = (uint)seed * 2654435761u;
        foreach (ref float value in values)
        {
            state = (state * 1664525u) + 1013904223u;
            value = (((state >> 8) * (2f / (1 << 24))) - 1) * scale;
        }
    }

    private Output Dense(Output x, int rows, int columns) => _graph.BiasAdd(_graph.MatMul(x, Weights(MathF.Sqrt(6f / rows), rows, columns)), Weights(0.1f, columns));

    private Output Weights(float scale, params long[] shape)
    {
        Variable variable = _graph.Variable(_graph.Fill(shape, 0f), name: $"w{_weights.Count}");
        _weights.Add((variable, shape, scale));
        return variable.Value;
    }
}
