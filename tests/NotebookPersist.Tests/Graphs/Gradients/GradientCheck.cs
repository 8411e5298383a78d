using Xunit;

namespace NotebookPersist.Tests.Graphs.Gradients;

/// <summary>Compares a gradient that was built with central differences of the value itself, in double precision.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>Fails where a derivative differs; a null gradient must belong to a value that does not change.</summary>
    /// <param name="what">Named in the failure.</param>
    /// <param name="build">Builds the value from float64 placeholders.</param>
    /// <param name="inputs">Where to differentiate.</param>
    /// <param name="knownShapes">False leaves the placeholders' shapes open, so that gradients work them out at run time.</param>
    public static void Run(string what, Func<Graph, Output[], Output> build, Tensor[] inputs, bool knownShapes = true)
    {
        var graph = new Graph();
        Output[] xs = [.. inputs.Select((t, i) => graph.Placeholder(t.DType, knownShapes ? t.Shape : Shape.Unknown, $"x{i}"))];
        Output y = build(graph, xs);
        using var session = new Session(graph);
        Tensor value = session.Run(y, Feeds(xs, inputs));
        double[] weights = [.. Enumerable.Range(0, value.Count).Select(static i => 0.5 + (0.25 * ((i * 7) % 5)))];
        Output weight = graph.Constant(Tensor.Of<double>(value.Shape, weights), name: "weight");
        Output?[] gradients = graph.Gradients([y], xs, [weight]);
        for (int input = 0; input < xs.Length; input++)
        {
            if (inputs[input].DType != DType.Float64)
                continue;
            Tensor? built = gradients[input] is { } gradient ? session.Run(gradient, Feeds(xs, inputs)) : null;
            if (built is not null)
                Assert.Equal(inputs[input].Shape, built.Shape);
            for (int element = 0; element < inputs[input].Count; element++)
            {
                double up = Weighted(session, y, xs, Moved(inputs, input, element, Step), weights);
                double down = Weighted(session, y, xs, Moved(inputs, input, element, -Step), weights);
                double expected = (up - down) / (2 * Step);
                double found = built?.Data<double>()[element] ?? 0;
                Assert.True(
                    Math.Abs(expected - found) <= 1e-5 * Math.Max(1, Math.Abs(expected)),
                    $"{what}: derivative by element {element} of input {input}: differences give {expected:G8}, the gradient {found:G8}{(built is null ? " (none)" : "")}.");
            }
        }
    }

    private static double Weighted(Session session, Output y, Output[] xs, Tensor[] inputs, double[] weights)
    {
        Tensor value = session.Run(y, Feeds(xs, inputs));
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
            sum += weights[i] * value.Data<double>()[i];
        return sum;
    }

    private static Tensor[] Moved(Tensor[] inputs, int input, int element, double by)
    {
        Tensor[] moved = [.. inputs];
        moved[input] = inputs[input].Clone();
        moved[input].MutableData<double>()[element] += by;
        return moved;
    }

    private static FeedDict Feeds(Output[] xs, Tensor[] inputs)
    {
        var feeds = new FeedDict();
        for (int i = 0; i < xs.Length; i++)
            feeds.Add(xs[i], inputs[i]);
        return feeds;
    }
}
