using NotebookPersist.Kernels;

namespace NotebookPersist.Benchmarks;

/// <summary>Single products, convolutions and other kernels beside other engines on the same numbers, turn by turn, with one thread and with two.</summary>
internal static class KernelBenchmarks
{
    // Unit: milliseconds a turn.
    private const double Turn = 30;
    private const int Rounds = 11;

    private static readonly (int Size, int Inputs, int Outputs)[] Layers =
        [(224, 3, 64), (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 128, 256), (56, 256, 256), (28, 256, 512), (28, 512, 512), (14, 512, 512)];

    /// <summary>All suites of kernels and networks, one after the other. The folder is not used.</summary>
    public static void Run(string folder)
    {
        RunProducts(folder);
        RunConvolutions(folder);
        RunSmall(folder);
        VggBenchmarks.RunForward(folder);
        VggBenchmarks.RunTraining(folder);
        VggBenchmarks.RunMemory(folder);
    }

    /// <summary>Products of matrices.</summary>
    public static void RunProducts(string folder) => ForThreads(static (threads, peak) =>
    {
        Product(threads, peak, 1024, 1024, 1024);
        Product(threads, peak, 8, 25088, 4096);
        Product(threads, peak, 1, 4096, 4096);
    });

    /// <summary>Convolutions of VGG-16 by three by three, by one by one, and of each channel by itself.</summary>
    public static void RunConvolutions(string folder) => ForThreads(static (threads, peak) =>
    {
        foreach ((int size, int inputs, int outputs) in Layers)
            Layer(threads, peak, size, inputs, outputs);
        PlainConvolutions(threads, peak);
    });

    /// <summary>Convolutions by one by one, and of each channel by itself.</summary>
    public static void RunPlainConvolutions(string folder) => ForThreads(PlainConvolutions);

    /// <summary>Kernels that memory bounds.</summary>
    public static void RunSmall(string folder) => ForThreads(static (threads, peak) =>
    {
        int[] image = [1, 64, 224, 224];
        Small(threads, "max pool 2x2, 224x224x64", image, [1, 64, 112, 112], static model => model.MaxPool(), static (graph, x) => graph.MaxPool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID"));
        Small(threads, "relu, 224x224x64", image, image, static model => model.Function("Relu"), static (graph, x) => graph.Relu(x));
        Small(threads, "softmax, 128x1000", [128, 1000], [128, 1000], static model => model.Function("Softmax"), static (graph, x) => graph.Softmax(x));
        float[] other = Numbers(1 << 20, 2, 1);
        Small(threads, "add, 1M + 1M", [1, 1 << 20], [1, 1 << 20], model => model.Add(other, 1, 1 << 20), (graph, x) => graph.Add(x, graph.Constant(Tensor.Of<float>([1, 1 << 20], other))));
    });

    /// <summary>Runs rows with one thread and with two.</summary>
    internal static void ForThreads(Action<int, double> rows)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            double peak = FmaPeak.Measure(threads);
            Console.WriteLine(FormattableString.Invariant($"\n## {threads} thread(s); FMA peak {peak:0.0} GFLOP/s"));
            rows(threads, peak);
        }
    }

    private static void PlainConvolutions(int threads, double peak)
    {
        Pointwise(threads, peak, 56, 256, 256);
        Pointwise(threads, peak, 14, 512, 512);
        Depthwise(threads, peak, 56, 256);
        Depthwise(threads, peak, 112, 64);
    }

    private static void Product(int threads, double peak, int m, int k, int n)
    {
        float[] a = Numbers(m * k, 1, 1);
        float[] b = Numbers(k * n, 2, 1);
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { m, k });
        Output y = graph.MatMul(x, graph.Constant(Tensor.Of<float>([k, n], b)));
        using var session = new Session(graph, new NotebookPersist.SessionOptions { ThreadCount = threads });
        var feeds = new FeedDict { [x] = Tensor.Of<float>([m, k], a) };
        using var peers = new Peers(new OnnxModel(m, k).MatMul(b, k, n), a, threads, m, k);
        peers.Compare(session.Run(y, feeds).ToArray<float>());
        peers.Contest(FormattableString.Invariant($"[{m},{k}] x [{k},{n}], {threads} thread(s)"), () => session.Run(y.Operation, feeds), m, n)
            .Rate(2e-9 * m * n * k, peak).Run(Rounds, Turn);
    }

    private static void Layer(int threads, double peak, int size, int inputs, int outputs)
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
        using var peers = new Peers(new OnnxModel(1, inputs, size, size).Convolution(w, [3, 3, inputs, outputs], bias), ChannelsFirst(x, inputs), threads, 1, inputs, size, size);
        forward();
        peers.Compare(ChannelsFirst(y, outputs));
        double gflop = 2e-9 * size * size * shape.WindowSize * outputs;
        peers.Contest(FormattableString.Invariant($"3x3, {size}x{size}x{inputs} to {outputs}, bias, ReLU, {threads} thread(s)"), forward, 1, outputs, size, size)
            .Rate(gflop, peak).Run(Rounds, Turn);
    }

    private static void Pointwise(int threads, double peak, int size, int inputs, int outputs)
    {
        float[] x = Numbers(size * size * inputs, 1, 1);
        float[] w = Numbers(inputs * outputs, 2, MathF.Sqrt(6f / inputs));
        float[] bias = new float[outputs];
        float[] y = new float[size * size * outputs];
        var workers = new Workers(threads, CancellationToken.None);
        PackedMatrix<float> packed = PackedMatrix.Pack<float>(w, inputs, outputs, transposed: false, workers);
        var forward = () => packed.MultiplyLeft(x, y, size * size, false, new Epilogue<float> { Bias = bias, Activation = FusedActivation.Relu }, workers);
        using var peers = new Peers(new OnnxModel(1, inputs, size, size).Convolution(w, [1, 1, inputs, outputs], bias), ChannelsFirst(x, inputs), threads, 1, inputs, size, size);
        forward();
        peers.Compare(ChannelsFirst(y, outputs));
        peers.Contest(FormattableString.Invariant($"1x1, {size}x{size}x{inputs} to {outputs}, bias, ReLU, {threads} thread(s)"), forward, 1, outputs, size, size)
            .Rate(2e-9 * size * size * inputs * outputs, peak).Run(Rounds, Turn);
    }

    private static void Depthwise(int threads, double peak, int size, int channels)
    {
        WindowAxis axis = WindowAxis.Create(size, 3, 1, 1, "SAME");
        var shape = new WindowShape(1, channels, channels, WindowAxis.Single, axis, axis);
        float[] x = Numbers(size * size * channels, 1, 1);
        float[] w = Numbers(9 * channels, 2, 1);
        float[] y = new float[x.Length];
        var workers = new Workers(threads, CancellationToken.None);
        var forward = () => DepthwiseConvolution.Forward<float>(x, w, y, shape, workers);
        using var peers = new Peers(new OnnxModel(1, channels, size, size).Depthwise(w, channels), ChannelsFirst(x, channels), threads, 1, channels, size, size);
        forward();
        peers.Compare(ChannelsFirst(y, channels));
        peers.Contest(FormattableString.Invariant($"depthwise 3x3, {size}x{size}x{channels}, {threads} thread(s)"), forward, 1, channels, size, size)
            .Rate(18e-9 * x.Length, peak).Run(Rounds, Turn);
    }

    // Images have their channels second for the peer, last here.
    private static void Small(int threads, string title, int[] shape, int[] result, Func<OnnxModel, OnnxModel> theirs, Func<Graph, Output, Output> own)
    {
        bool isImage = shape.Length == 4;
        float[] values = Numbers(shape.Aggregate(static (a, b) => a * b), 1, 1);
        float[] turned = isImage ? ChannelsLast(values, shape[1]) : values;
        long[] ownShape = [.. (isImage ? [shape[0], shape[2], shape[3], shape[1]] : shape).Select(static d => (long)d)];
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, ownShape);
        Output y = own(graph, x);
        using var session = new Session(graph, new NotebookPersist.SessionOptions { ThreadCount = threads });
        var feeds = new FeedDict { [x] = Tensor.Of<float>(ownShape, turned) };
        using var peers = new Peers(theirs(new OnnxModel(shape)), values, threads, [.. shape.Select(static d => (long)d)]);
        float[] found = session.Run(y, feeds).ToArray<float>();
        peers.Compare(isImage ? ChannelsFirst(found, result[1]) : found);
        peers.Contest($"{title}, {threads} thread(s)", () => session.Run(y.Operation, feeds), result).Run(Rounds, Turn);
    }

    internal static float[] Numbers(int count, int seed, float scale)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = ((random.NextSingle() * 2) - 1) * scale;
        return values;
    }

    internal static float[] ChannelsFirst(float[] image, int channels, int batch = 1)
    {
        float[] turned = new float[image.Length];
        ChannelLayout.Transpose<float>(image, turned, batch, image.Length / batch / channels, channels);
        return turned;
    }

    private static float[] ChannelsLast(float[] image, int channels)
    {
        float[] turned = new float[image.Length];
        ChannelLayout.Transpose<float>(image, turned, 1, channels, image.Length / channels);
        return turned;
    }

    internal static void Compare(float[] own, float[] peer, string name)
    {
        float largest = peer.Max(MathF.Abs);
        float error = own.Zip(peer, static (a, b) => MathF.Abs(a - b)).Max();
        if (!(error <= 1e-4f * largest) || own.Length != peer.Length)
            throw new InvalidOperationException($"The result differs from that of {name} by {error}, the largest being {largest}.");
    }
}
