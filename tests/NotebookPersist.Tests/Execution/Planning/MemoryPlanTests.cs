using NotebookPersist.Execution;
using NotebookPersist.Execution.Planning;
using Xunit;

namespace NotebookPersist.Tests.Execution.Planning;

/// <summary>Large values of known size share memory where none is needed while another is, and never otherwise.</summary>
public sealed class MemoryPlanTests
{
    private const int Size = 256;
    private const long ByteCount = 4L * Size * Size;

    private readonly Graph _graph = new();

    [Fact]
    public void A_chain_takes_two_blocks_however_long_it_is()
    {
        Output x = Input(Size);
        Output y = x;
        for (int i = 0; i < 9; i++)
            y = _graph.MatMul(y, Weights(Size, Size, i));
        MemoryPlan plan = PlanOf([_graph.ReduceSum(y)], x);
        Assert.Equal([ByteCount, ByteCount], plan.ByteCounts);
        AssertSame([_graph.ReduceSum(y)], x);
    }

    [Fact]
    public void A_block_is_as_large_as_its_largest_value_and_the_best_fitting_one_is_taken()
    {
        Output x = Input(Size);
        Output wide = _graph.MatMul(x, Weights(Size, 2 * Size, 1));
        Output narrow = _graph.MatMul(wide, Weights(2 * Size, Size, 2));
        Output half = _graph.MatMul(narrow, Weights(Size, Size / 2, 3));
        Output whole = _graph.MatMul(half, Weights(Size / 2, Size, 4));
        MemoryPlan plan = PlanOf([_graph.ReduceSum(whole)], x);
        Assert.Equal([2 * ByteCount, ByteCount], plan.ByteCounts);
        AssertSame([_graph.ReduceSum(whole)], x);
    }

    [Fact]
    public void Small_ones_and_such_of_unknown_size_or_that_are_fetched_have_memory_of_their_own()
    {
        Output small = _graph.Placeholder(DType.Float32, [16, 16]);
        Output unknown = _graph.Placeholder(DType.Float32, [-1, Size]);
        Output x = Input(Size);
        Assert.Empty(PlanOf([_graph.ReduceSum(_graph.MatMul(small, small))], small).ByteCounts);
        Assert.Empty(PlanOf([_graph.ReduceSum(_graph.MatMul(unknown, Weights(Size, Size, 1)))], unknown).ByteCounts);
        Output product = _graph.MatMul(x, Weights(Size, Size, 1));
        Assert.Empty(PlanOf([product], x).ByteCounts);
        Assert.Single(PlanOf([_graph.ReduceSum(product)], x).ByteCounts);
    }

    [Fact]
    public void What_a_run_gave_stays_though_it_shares_the_bytes_of_a_planned_value()
    {
        Output x = Input(Size);
        Output product = _graph.MatMul(x, Weights(Size, Size, 1));
        Output reshaped = _graph.Reshape(product, new[] { Size * Size });
        Output y = _graph.MatMul(product, Weights(Size, Size, 2));
        Output z = _graph.ReduceSum(_graph.MatMul(y, Weights(Size, Size, 3)));
        using var session = new Session(_graph, new SessionOptions { OptimizesPlans = false });
        Tensor first = session.Run([reshaped, z], new() { [x] = Numbers(Size, Size, 7) })[0]!;
        float[] before = first.ToArray<float>();
        for (int run = 0; run < 3; run++)
            session.Run([reshaped, z], new() { [x] = Numbers(Size, Size, 8) });
        Assert.Equal(before, first.ToArray<float>());
    }

    [Fact]
    public void Values_that_outlive_their_slots_are_not_written_over()
    {
        // The reshaped ones are the same bytes under other slots, which last to the end.
        Output x = Input(Size);
        Output a = _graph.MatMul(x, Weights(Size, Size, 1));
        Output kept = _graph.Reshape(a, new[] { Size * Size });
        Output b = _graph.MatMul(x, Weights(Size, Size, 2));
        Output c = _graph.MatMul(b, Weights(Size, Size, 3));
        Output d = _graph.MatMul(c, Weights(Size, Size, 4));
        AssertSame([_graph.ReduceSum(d), _graph.ReduceSum(kept), _graph.ReduceMax(kept)], x);
    }

    [Fact]
    public void Training_gives_the_same_bits_with_shared_memory()
    {
        Output x = Input(Size);
        Variable w = _graph.Variable(Numbers(Size, Size, 1), name: "w");
        Variable v = _graph.Variable(Numbers(Size, Size, 2), name: "v");
        Output loss = _graph.ReduceMean(_graph.Square(_graph.MatMul(_graph.Tanh(_graph.MatMul(x, w.Value)), v.Value)));
        Operation step = new GradientDescentOptimizer(0.1f).Minimize(loss);
        Assert.NotEmpty(RunPlan.Compile(_graph, [loss], [step], [x], optimizes: true).Memory.ByteCounts);
        Tensor[] found = [Trained(x, step, w, 1), Trained(x, step, w, 1)];
        Assert.Equal(found[0].ToArray<float>(), found[1].ToArray<float>());
    }

    private Tensor Trained(Output x, Operation step, Variable w, int threads)
    {
        using var session = new Session(_graph, new SessionOptions { ThreadCount = threads });
        session.Run(_graph.GlobalVariablesInitializer());
        for (int i = 0; i < 5; i++)
            session.Run(step, new() { [x] = Numbers(Size, Size, i) });
        return session.Run(w).Clone();
    }

    private MemoryPlan PlanOf(Output[] fetches, Output feed) => RunPlan.Compile(_graph, fetches, [], [feed], optimizes: true).Memory;

    // Several runs, one after the other, against sums that share no memory.
    private void AssertSame(Output[] fetches, Output x)
    {
        using var session = new Session(_graph, new SessionOptions { ThreadCount = 1 });
        for (int run = 0; run < 3; run++)
        {
            Tensor fed = Numbers(Size, Size, run);
            Tensor?[] together = session.Run([.. fetches], new() { [x] = fed });
            for (int i = 0; i < fetches.Length; i++)
            {
                using var alone = new Session(_graph, new SessionOptions { OptimizesPlans = false, ThreadCount = 1 });
                Assert.Equal(alone.Run(fetches[i], new() { [x] = fed }).ItemAt<float>(0), together[i]!.ItemAt<float>(0));
            }
        }
    }

    private Output Input(int size) => _graph.Placeholder(DType.Float32, [size, size]);

    private Output Weights(int rows, int columns, int seed) => _graph.Constant(Numbers(rows, columns, seed));

    private static Tensor Numbers(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        Tensor tensor = Tensor.Uninitialized(DType.Float32, [rows, columns]);
        foreach (ref float value in tensor.MutableData<float>())
            value = (float)((random.NextDouble() - 0.5) / Math.Sqrt(rows) * 3);
        return tensor;
    }
}
