using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Randoms;

public sealed class StatefulRandomTests
{
    /// <summary>The stream of two seeds is the one whose key is the first seed and whose counter's upper half is the second.</summary>
    [Theory]
    [InlineData("StatefulUniform", "RandomUniform")]
    [InlineData("StatefulStandardNormalV2", "RandomStandardNormal")]
    [InlineData("StatefulStandardNormal", "RandomStandardNormal")]
    [InlineData("StatefulTruncatedNormal", "TruncatedNormal")]
    public void Numbers_of_a_kept_state_are_those_of_the_same_seeds_run_after_run(string type, string seeded)
    {
        using var runs = new OpRuns();
        bool first = type == "StatefulStandardNormal";
        Output handle = State(runs, first ? [1, 0, 78, 56] : [0, 78, 56]);
        Operand[] inputs = first ? [handle, OpRuns.Longs(5)] : [handle, 1L, OpRuns.Longs(5)];
        Operation kept = runs.Add(type, new AttributeList { { "dtype", DType.Float32 } }, inputs);
        Operation expected = runs.Add(seeded, new AttributeList { { "dtype", DType.Float32 }, { "seed", 56 }, { "seed2", 78 } }, OpRuns.Longs(5));

        for (int run = 0; run < 3; run++)
            Assert.Equal(runs.Run(expected)[0].ToArray<float>(), runs.Run(kept)[0].ToArray<float>());
    }

    [Fact]
    public void Skipping_moves_the_state_as_drawing_does()
    {
        using var runs = new OpRuns();
        Output drawn = State(runs, [0, 78, 56]), skipped = State(runs, [0, 78, 56]);
        Operation draw = runs.Add("StatefulUniformFullInt", new AttributeList { { "dtype", DType.UInt64 } }, drawn, 1L, OpRuns.Longs(7));
        Operation again = runs.Add("StatefulUniformFullInt", new AttributeList { { "dtype", DType.UInt64 } }, skipped, 1L, OpRuns.Longs(7));
        runs.Run(draw);
        runs.Session.Run([runs.Add("RngSkip", null, skipped, 1L, 7L)]);

        Assert.Equal(runs.Run(draw)[0].ToArray<ulong>(), runs.Run(again)[0].ToArray<ulong>());
    }

    [Fact]
    public void Integers_stay_in_their_range_and_other_algorithms_are_refused()
    {
        using var runs = new OpRuns();
        Output handle = State(runs, [0, 1, 2]);
        Tensor drawn = runs.Run("StatefulUniformInt", new AttributeList { { "dtype", DType.Int32 } }, handle, 1L, OpRuns.Longs(100), 3, 9)[0];
        Assert.All(drawn.ToArray<int>(), static v => Assert.InRange(v, 3, 8));
        Assert.Equal(6, drawn.ToArray<int>().Distinct().Count());

        var fault = Assert.Throws<RunException>(() => runs.Run("StatefulUniform", null, handle, 2L, OpRuns.Longs(1)));
        Assert.Contains("Unsupported algorithm id: 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bits_of_no_state_differ_from_run_to_run()
    {
        using var runs = new OpRuns();
        Operation bits = runs.Add("NonDeterministicInts", null, OpRuns.Longs(4));
        Assert.NotEqual(runs.Run(bits)[0].ToArray<long>(), runs.Run(bits)[0].ToArray<long>());
    }

    [Fact]
    public void A_crop_is_a_window_of_the_image()
    {
        using var runs = new OpRuns();
        byte[] pixels = [.. Enumerable.Range(0, 60).Select(static i => (byte)i)];
        Tensor crop = runs.Run("RandomCrop", new AttributeList { { "seed", 1 }, { "seed2", 2 } }, runs.Graph.Constant(Tensor.Of<byte>([5, 6, 2], pixels)), OpRuns.Longs(3, 4))[0];

        Assert.Equal([3, 4, 2], crop.Shape);
        byte corner = crop.Data<byte>()[0];
        for (int i = 0; i < 24; i++)
            Assert.Equal(corner + (i / 8 * 12) + (i % 8), crop.Data<byte>()[i]);
    }

    [Fact]
    public void A_gamma_sample_keeps_its_place_in_the_distribution_as_the_shape_moves()
    {
        using var runs = new OpRuns();
        double[] shapes = [0.3, 0.9, 1, 2.5, 8, 40], samples = [0.2, 0.05, 1.5, 2, 11, 35];
        double[] slopes = runs.Run("RandomGammaGrad", null, runs.Graph.Constant(Tensor.Of<double>([6], shapes)), runs.Graph.Constant(Tensor.Of<double>([6], samples)))[0].ToArray<double>();
        const double step = 1e-5;
        double[] Place(double sign) => runs.Run(
            "Igamma", null, runs.Graph.Constant(Tensor.Of<double>([6], [.. shapes.Select(a => a + (sign * step))])),
            runs.Graph.Constant(Tensor.Of<double>([6], [.. samples.Select((x, i) => x + (sign * step * slopes[i]))])))[0].ToArray<double>();
        (double[] up, double[] down) = (Place(1), Place(-1));
        for (int i = 0; i < 6; i++)
            Assert.Equal(0, (up[i] - down[i]) / (2 * step), 1e-6);
    }

    [Fact]
    public void The_gradient_of_gamma_samples_reaches_their_shapes()
    {
        using var runs = new OpRuns();
        Output alpha = runs.Graph.Constant(Tensor.Of<double>([2], [1.5, 4]));
        Operation samples = runs.Add("RandomGamma", new AttributeList { { "seed", 3 }, { "seed2", 4 } }, OpRuns.Longs(3), alpha);
        Output slope = runs.Graph.Gradients([samples[0]], [alpha])[0]!;
        Output expected = runs.Graph.ReduceSum(runs.Add("RandomGammaGrad", null, runs.Graph.Tile(runs.Graph.ExpandDims(alpha, 0), new[] { 3, 1 }), samples[0])[0], 0);

        Tensor?[] found = runs.Session.Run([slope, expected]);

        Assert.Equal([2], found[0]!.Shape);
        for (int i = 0; i < 2; i++)
            Assert.Equal(found[1]!.Data<double>()[i], found[0]!.Data<double>()[i], 1e-12);
    }

    private static Output State(OpRuns runs, long[] state)
    {
        Operation handle = runs.Add("VarHandleOp", new AttributeList { { "dtype", DType.Int64 }, { "shape", OpRuns.Sizes(state.Length) }, { "shared_name", $"state{runs.Graph.Operations.Count}" } });
        runs.Session.Run([runs.Add("AssignVariableOp", null, handle[0], OpRuns.Longs(state))]);
        return handle[0];
    }
}
