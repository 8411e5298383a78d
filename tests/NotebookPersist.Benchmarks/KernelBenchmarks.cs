using NotebookPersist.Kernels;

namespace NotebookPersist.Benchmarks;

/// <summary>Products, convolutions and VGG-16 beside OnnxRuntime on the same numbers, turn by turn, with one thread and with two.</summary>
internal static class KernelBenchmarks
{
    private static readonly (int Size, int Inputs, int Outputs)[] Layers =
        [(224, 3, 64), (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 128, 256), (56, 256, 256), (28, 256, 512), (28, 512, 512), (14, 512, 512)];

    private static readonly int[][] Blocks = [[3, 64, 64], [64, 128, 128], [128, 256, 256, 256], [256, 512, 512, 512], [512, 512, 512, 512]];

    private static readonly (int Rows, int Columns)[] Dense = [(25088, 4096), (4096, 4096), (4096, 1000)];

    /// <summary>Runs the suite. The folder is not used.</summary>
    public static void Run(string folder)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            Console.WriteLine(FormattableString.Invariant($"\n## {threads} thread(s); FMA peak {FmaPeak.Measure(threads):0.0} GFLOP/s"));
            Product(threads, 1024, 1024, 1024, 11);
            Product(threads, 8, 25088, 4096, 7);
            foreach ((int size, int inputs, int outputs) in Layers)
                Layer(threads, size, inputs, outputs);
            Pointwise(threads, 56, 256, 256);
            Vgg(threads, 1, 5);
            Vgg(threads, 8, 3);
        }
    }

    private static void Product(int threads, int m, int k, int n, int rounds)
    {
        float[] a = Numbers(m * k, 1, 1);
        float[] b = Numbers(k * n, 2, 1);
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { m, k });
        Output y = graph.MatMul(x, graph.Constant(Tensor.Of<float>([k, n], b)));
        using var session = new Session(graph, new NotebookPersist.SessionOptions { ThreadCount = threads });
        var feeds = new FeedDict { [x] = Tensor.Of<float>([m, k], a) };
        using var peer = new OnnxPeer(new OnnxModel(m, k).MatMul(b, k, n), a, threads, m, k);
        Compare(session.Run(y, feeds).ToArray<float>(), peer.Values());
        Contest(FormattableString.Invariant($"[{m},{k}] x [{k},{n}], {2e-9 * m * n * k:0.00} GFLOP, {threads} thread(s)"), peer, () => session.Run(y, feeds)).Run(rounds);
    }

    private static void Layer(int threads, int size, int inputs, int outputs)
    {
        WindowAxis axis = WindowAxis.Create(size, 3, 1, 1, "SAME");
        var shape = new WindowShape(1, inputs, outputs, WindowAxis.Single, axis, axis);
        float[] x = Numbers(size * size * inputs, 1, 1);
        float[] w = Numbers(shape.WindowSize * outputs, 2, MathF.Sqrt(6f / shape.WindowSize));
        float[] bias = Numbers(outputs, 3, 0.1f);
        float[] y = new float[size * size * outputs];
        var workers = new Workers(threads, CancellationToken.None);
        var filter = new WinogradFilter(inputs, outputs);
        filter.Set(w, workers);
        Action forward = WinogradFilter.Suits(shape)
            ? () => Convolution.Forward(x, filter, y, shape, new Epilogue<float> { Bias = bias, Activation = FusedActivation.Relu }, workers)
            : () => Convolution.Forward<float>(x, w, y, shape, new Epilogue<float> { Bias = bias, Activation = FusedActivation.Relu }, workers);
        using var peer = new OnnxPeer(new OnnxModel(1, inputs, size, size).Convolution(w, [3, 3, inputs, outputs], bias), ChannelsFirst(x, inputs), threads, 1, inputs, size, size);
        forward();
        Compare(ChannelsFirst(y, outputs), peer.Values());
        Contest(FormattableString.Invariant($"3x3, {size}x{size}x{inputs} to {outputs}, bias, ReLU, {2e-9 * size * size * shape.WindowSize * outputs:0.00} GFLOP direct, {threads} thread(s)"), peer, forward).Run(7);
    }

    private static void Pointwise(int threads, int size, int inputs, int outputs)
    {
        float[] x = Numbers(size * size * inputs, 1, 1);
        float[] w = Numbers(inputs * outputs, 2, MathF.Sqrt(6f / inputs));
        float[] bias = new float[outputs];
        float[] y = new float[size * size * outputs];
        var workers = new Workers(threads, CancellationToken.None);
        PackedMatrix<float> packed = PackedMatrix.Pack<float>(w, inputs, outputs, transposed: false, workers);
        var forward = () => packed.MultiplyLeft(x, y, size * size, false, new Epilogue<float> { Bias = bias, Activation = FusedActivation.Relu }, workers);
        using var peer = new OnnxPeer(new OnnxModel(1, inputs, size, size).Convolution(w, [1, 1, inputs, outputs], bias), ChannelsFirst(x, inputs), threads, 1, inputs, size, size);
        forward();
        Compare(ChannelsFirst(y, outputs), peer.Values());
        Contest(FormattableString.Invariant($"1x1, {size}x{size}x{inputs} to {outputs}, bias, ReLU, {threads} thread(s)"), peer, forward).Run(7);
    }

    private static void Vgg(int threads, int batch, int rounds)
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { batch, 224, 224, 3 });
        Output y = x;
        var model = new OnnxModel(batch, 3, 224, 224);
        int seed = 10;
        using var session = new Session(graph, new NotebookPersist.SessionOptions { ThreadCount = threads });
        Output Weights(Shape shape, float[] values)
        {
            Variable variable = graph.Variable(graph.Fill(shape.ToArray(), 0f), name: $"w{seed}_{values.Length}");
            session.Variables.Get("", variable.OperationName, DType.Float32, shape).Adopt(Tensor.Of<float>(shape, values));
            return variable.Value;
        }

        foreach (int[] block in Blocks)
        {
            for (int i = 1; i < block.Length; i++)
            {
                int[] shape = [3, 3, block[i - 1], block[i]];
                float[] w = Numbers(9 * block[i - 1] * block[i], seed++, MathF.Sqrt(6f / (9 * block[i - 1])));
                float[] bias = Numbers(block[i], seed++, 0.1f);
                y = graph.Relu(graph.BiasAdd(graph.Conv2D(y, Weights([3, 3, block[i - 1], block[i]], w), [1, 1, 1, 1], "SAME"), Weights([block[i]], bias)));
                model.Convolution(w, shape, bias);
            }

            y = graph.MaxPool(y, [1, 2, 2, 1], [1, 2, 2, 1], "VALID");
            model.MaxPool();
        }

        y = graph.Reshape(y, new[] { batch, Dense[0].Rows });
        model.Flatten();
        for (int i = 0; i < Dense.Length; i++)
        {
            (int rows, int columns) = Dense[i];
            float[] w = Numbers(rows * columns, seed++, MathF.Sqrt(6f / rows));
            float[] bias = Numbers(columns, seed++, 0.1f);
            y = graph.BiasAdd(graph.MatMul(y, Weights([rows, columns], w)), Weights([columns], bias));
            y = i < Dense.Length - 1 ? graph.Relu(y) : y;
            model.MatMul(w, rows, columns).Bias(bias, i < Dense.Length - 1);
        }

        float[] image = Numbers(batch * 224 * 224 * 3, 1, 1);
        var feeds = new FeedDict { [x] = Tensor.Of<float>([batch, 224, 224, 3], image) };
        using var peer = new OnnxPeer(model, ChannelsFirst(image, 3, batch), threads, batch, 3, 224, 224);
        Compare(session.Run(y, feeds).ToArray<float>(), peer.Values());
        Contest(FormattableString.Invariant($"VGG-16 forward, batch {batch}, {30.94 * batch:0.0} GFLOP direct, {threads} thread(s)"), peer, () => session.Run(y, feeds)).Run(rounds);
    }

    private static Contest Contest(string title, OnnxPeer peer, Action own) => new Contest(title).Add("OnnxRuntime", () => peer.Run()).Add("NotebookPersist", own);

    private static float[] Numbers(int count, int seed, float scale)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = ((random.NextSingle() * 2) - 1) * scale;
        return values;
    }

    private static float[] ChannelsFirst(float[] image, int channels, int batch = 1)
    {
        float[] turned = new float[image.Length];
        ChannelLayout.Transpose<float>(image, turned, batch, image.Length / batch / channels, channels);
        return turned;
    }

    // A fast wrong answer is worth nothing.
    private static void Compare(float[] own, float[] peer)
    {
        float largest = peer.Max(MathF.Abs);
        float error = own.Zip(peer, static (a, b) => MathF.Abs(a - b)).Max();
        if (!(error <= 1e-4f * largest) || own.Length != peer.Length)
            throw new InvalidOperationException($"Results differ by {error}, the largest being {largest}.");
    }
}
