using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>Kernels that would take seconds stop soon after a run is cancelled, each family of them.</summary>
/// <remarks>A kernel that does not look would finish, and its run with it: then there is a result instead of a cancellation.</remarks>
[Collection(nameof(Undisturbed))]
public sealed class CancellationTests
{
    private readonly Graph _graph = new();

    [Theory]
    [InlineData("Svd", 900)]
    [InlineData("Qr", 1500)]
    [InlineData("SelfAdjointEigV2", 1200)]
    [InlineData("Cholesky", 2000)]
    [InlineData("MatrixInverse", 1500)]
    [InlineData("MatrixDeterminant", 1500)]
    [InlineData("MatrixExponential", 500)]
    [InlineData("MatrixSquareRoot", 500)]
    public void Linear_algebra_stops(string type, int size)
    {
        Output x = _graph.Placeholder(DType.Float64, [-1, -1]);
        Output y = _graph.AddOperation(type, null, null, x)[0];
        AssertStops(y, new FeedDict { [x] = Definite(3) }, new FeedDict { [x] = Definite(size) });
    }

    [Fact]
    public void Solving_stops()
    {
        Output x = _graph.Placeholder(DType.Float64, [-1, -1]);
        Output y = _graph.AddOperation("MatrixTriangularSolve", null, null, x, x)[0];
        AssertStops(y, new FeedDict { [x] = Definite(3) }, new FeedDict { [x] = Definite(1500) });
    }

    [Fact]
    public void Sorting_stops()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1]);
        Output y = _graph.AddOperation("TopKV2", null, null, x, 3)[0];
        AssertStops(y, new FeedDict { [x] = Values(10) }, new FeedDict { [x] = Values(20_000_000) });
    }

    [Fact]
    public void Finding_distinct_values_stops()
    {
        Output x = _graph.Placeholder(DType.Int32, [-1]);
        Output y = _graph.AddOperation("Unique", null, null, x)[0];
        AssertStops(y, new FeedDict { [x] = Numbers(10) }, new FeedDict { [x] = Numbers(30_000_000) });
    }

    [Fact]
    public void Segments_stop()
    {
        Output x = _graph.Placeholder(DType.Float32, [-1]);
        Output ids = _graph.Placeholder(DType.Int32, [-1]);
        Output y = _graph.AddOperation("UnsortedSegmentProd", null, null, x, ids, 30_000_000)[0];
        AssertStops(y, new FeedDict { [x] = Values(10), [ids] = Numbers(10) }, new FeedDict { [x] = Values(30_000_000), [ids] = Numbers(30_000_000) });
    }

    [Fact]
    public void Suppressing_boxes_stops()
    {
        Output boxes = _graph.Placeholder(DType.Float32, [-1, 4]);
        Output scores = _graph.Placeholder(DType.Float32, [-1]);
        Output y = _graph.AddOperation("NonMaxSuppressionV3", null, null, boxes, scores, 1_000_000, 0.5f, -10f)[0];
        AssertStops(y, new FeedDict { [boxes] = Boxes(10), [scores] = Values(10) }, new FeedDict { [boxes] = Boxes(60_000), [scores] = Values(60_000) });
    }

    [Theory]
    [InlineData("ResizeBicubic")]
    [InlineData("ResizeArea")]
    public void Resizing_stops(string type)
    {
        Output size = _graph.Placeholder(DType.Int32, [2]);
        Output y = _graph.AddOperation(type, null, null, _graph.Constant(Tensor.Zeros(DType.Float32, [1, 32, 32, 8])), size)[0];
        AssertStops(y, new FeedDict { [size] = new[] { 3, 3 } }, new FeedDict { [size] = new[] { 4000, 4000 } });
    }

    [Fact]
    public void Morphology_stops()
    {
        Output x = _graph.Placeholder(DType.Float32, [1, -1, -1, 8]);
        Output y = _graph.AddOperation(
            "Dilation2D", null, new() { { "strides", (IEnumerable<long>)[1, 1, 1, 1] }, { "rates", (IEnumerable<long>)[1, 1, 1, 1] }, { "padding", "SAME" } }, x, _graph.Constant(Tensor.Zeros(DType.Float32, [15, 15, 8])))[0];
        AssertStops(y, new FeedDict { [x] = Tensor.Zeros(DType.Float32, [1, 3, 3, 8]) }, new FeedDict { [x] = Tensor.Zeros(DType.Float32, [1, 1024, 1024, 8]) });
    }

    [Fact]
    public void Local_response_stops()
    {
        Output x = _graph.Placeholder(DType.Float32, [1, -1, -1, 32]);
        Output y = _graph.AddOperation("LRN", null, new() { { "depth_radius", 15L } }, x)[0];
        AssertStops(y, new FeedDict { [x] = Tensor.Zeros(DType.Float32, [1, 3, 3, 32]) }, new FeedDict { [x] = Tensor.Zeros(DType.Float32, [1, 1500, 1500, 32]) });
    }

    [Fact]
    public void Texts_stop()
    {
        Output x = _graph.Placeholder(DType.Float64, [-1]);
        Output y = _graph.AddOperation("AsString", null, null, x)[0];
        AssertStops(y, new FeedDict { [x] = new double[3] }, new FeedDict { [x] = new double[20_000_000] });
    }

    [Fact]
    public void Drawing_samples_stops()
    {
        Output count = _graph.Placeholder(DType.Int32, Shape.Scalar);
        Output y = _graph.AddOperation("Multinomial", null, null, _graph.Constant(new float[1, 1000]), count)[0];
        AssertStops(y, new FeedDict { [count] = 3 }, new FeedDict { [count] = 60_000_000 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Chains_gathers_and_reductions_stop(int threads)
    {
        Output n = _graph.Placeholder(DType.Int32, Shape.Scalar);
        IReadOnlyList<LoopVariable> loop = _graph.WhileLoop(
            v => _graph.Less((Output)v[0], n),
            v => [_graph.Add((Output)v[0], 1), _graph.ReduceSum(_graph.Tanh(_graph.Fill(new[] { 1_000_000 }, (Output)v[1]) * 0.5f))],
            [_graph.Constant(0), _graph.Constant(1f)]);
        AssertStops((Output)loop[1], new FeedDict { [n] = 2 }, new FeedDict { [n] = 1_000_000 }, threads);
    }

    private void AssertStops(Output fetch, FeedDict little, FeedDict much, int threads = 1)
    {
        using var session = new Session(_graph, new SessionOptions { ThreadCount = threads });
        session.Run(fetch, little); // What is only done once is done before the time counts.
        using var stop = new CancellationTokenSource();
        using var timer = new Timer(_ => stop.Cancel(), null, 100, Timeout.Infinite);
        Assert.IsAssignableFrom<OperationCanceledException>(Record.Exception(() => session.Run(fetch, much, stop.Token)));
    }

    // Symmetric and positive definite.
    private static Tensor Definite(int size)
    {
        double[,] values = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
                values[i, j] = i == j ? 4 + (i % 7) : Math.Sin((i * j) + i + j) / size;
        }

        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
                values[i, j] = values[j, i];
        }

        return values;
    }

    private static Tensor Values(int count)
    {
        Tensor tensor = Tensor.Uninitialized(DType.Float32, [count]);
        var random = new Random(1);
        foreach (ref float value in tensor.MutableData<float>())
            value = random.NextSingle();
        return tensor;
    }

    private static Tensor Numbers(int count)
    {
        Tensor tensor = Tensor.Uninitialized(DType.Int32, [count]);
        Span<int> numbers = tensor.MutableData<int>();
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (int)((i * 2654435761L) % count);
        return tensor;
    }

    // None overlaps another.
    private static Tensor Boxes(int count)
    {
        float[] boxes = new float[count * 4];
        for (int i = 0; i < count; i++)
            boxes[i * 4] = boxes[(i * 4) + 1] = i * 2;
        for (int i = 0; i < count; i++)
            boxes[(i * 4) + 2] = boxes[(i * 4) + 3] = (i * 2) + 1;
        return Tensor.Of<float>([count, 4], boxes);
    }
}
