using Xunit;

namespace NotebookPersist.Tests.Graphs.Optimizers;

/// <summary>Schedules of learning rates against their formulas in double, step by step.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public void Each_schedule_follows_its_formula()
    {
        var graph = new Graph();
        Output step = graph.Placeholder(DType.Int64, Shape.Scalar);
        (string Name, Output Rate, Func<double, double> Formula)[] schedules =
        [
            ("piecewise", graph.PiecewiseConstant(step, [3, 7], [1, 0.5, 0.1]), static s => s <= 3 ? 1 : s <= 7 ? 0.5 : 0.1),
            ("polynomial", graph.PolynomialDecay(0.5, step, 10, 0.1, 2.0), static s => (0.4 * Math.Pow(1 - (Math.Min(s, 10) / 10), 2)) + 0.1),
            ("polynomial again", graph.PolynomialDecay(0.5, step, 4, 0.1, cycle: true), static s => (0.4 * (1 - (s / (4 * (s == 0 ? 1 : Math.Ceiling(s / 4)))))) + 0.1),
            ("natural", graph.NaturalExpDecay(0.5, step, 5, 0.3), static s => 0.5 * Math.Exp(-0.3 * s / 5)),
            ("natural in steps", graph.NaturalExpDecay(0.5, step, 5, 0.3, staircase: true), static s => 0.5 * Math.Exp(-0.3 * Math.Floor(s / 5))),
            ("inverse", graph.InverseTimeDecay(0.5, step, 5, 0.3), static s => 0.5 / (1 + (0.3 * s / 5))),
            ("inverse in steps", graph.InverseTimeDecay(0.5, step, 5, 0.3, staircase: true), static s => 0.5 / (1 + (0.3 * Math.Floor(s / 5)))),
            ("line and wave", graph.LinearCosineDecay(0.5, step, 8, numPeriods: 2, alpha: 0.1), static s => 0.5 * (((1.1 - (Math.Min(s, 8) / 8)) * 0.5 * (1 + Math.Cos(4 * Math.PI * Math.Min(s, 8) / 8))) + 0.001)),
            ("no noise", graph.NoisyLinearCosineDecay(0.5, step, 8, initialVariance: 0), static s => 0.5 * (((1 - (Math.Min(s, 8) / 8)) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(s, 8) / 8))) + 0.001)),
            ("cosine", graph.CosineDecay(0.5, step, 8, 0.1), static s => 0.5 * ((0.9 * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(s, 8) / 8))) + 0.1)),
            ("waves", graph.CosineDecayRestarts(0.5, step, 3, tMul: 1, mMul: 0.5), static s => 0.5 * 0.5 * Math.Pow(0.5, Math.Floor(s / 3)) * (1 + Math.Cos(Math.PI * ((s / 3) - Math.Floor(s / 3))))),
            ("growing waves", graph.CosineDecayRestarts(0.5, step, 4), static s => GrowingWave(s, 4)),
            ("exponential", graph.ExponentialDecay(0.5, step, 5, 0.9), static s => 0.5 * Math.Pow(0.9, s / 5)),
        ];
        using var session = new Session(graph);
        foreach ((string name, Output rate, Func<double, double> formula) in schedules)
        {
            Assert.Equal(Shape.Scalar, rate.Shape);
            foreach (long at in new long[] { 0, 1, 2, 3, 5, 7, 8, 10, 11, 25 })
                Assert.True(Math.Abs(formula(at) - (float)session.Run(rate, new() { [step] = at })) < 2e-5, $"{name} at {at}: {formula(at)} and {(float)session.Run(rate, new() { [step] = at })}");
        }
    }

    [Fact]
    public void Boundaries_and_values_must_fit()
    {
        var graph = new Graph();
        Assert.Throws<ArgumentException>(() => graph.PiecewiseConstant(1, [1, 2], [1, 2]));
        Assert.Throws<ArgumentException>(() => graph.PiecewiseConstant(1, [2, 1], [1, 2, 3]));
    }

    [Fact]
    public void Clipping_by_norm_leaves_what_is_short()
    {
        var graph = new Graph();
        Output long_ = graph.ClipByNorm(new float[] { 3, 4 }, 2.5);
        Output x = graph.Constant(new float[] { 0, 0 });
        Output? gradient = graph.Gradients(graph.ReduceSum(graph.ClipByNorm(x, 1.0)), x)[0];
        using var session = new Session(graph);
        Assert.Equal([1.5f, 2f], session.Run(long_).Data<float>().ToArray());
        Assert.Equal([1.5f, 2f], session.Run(graph.ClipByNorm(new float[] { 1.5f, 2f }, 4.0)).Data<float>().ToArray());
        Assert.All(session.Run(gradient!).Data<float>().ToArray(), static g => Assert.Equal(1, g));
    }

    // The wave that a step falls in, found by walking from one to the next.
    private static double GrowingWave(double step, double length)
    {
        while (step >= length)
        {
            step -= length;
            length *= 2;
        }

        return 0.5 * 0.5 * (1 + Math.Cos(Math.PI * step / length));
    }
}
