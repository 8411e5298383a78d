using System.Text;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops;

/// <summary>Runs single operations by their names.</summary>
internal sealed class OpRuns : IDisposable
{
    public OpRuns() => Session = new Session(Graph);

    public Graph Graph { get; } = new();

    public Session Session { get; }

    public static Tensor Longs(params long[] values) => Tensor.Of<long>([values.Length], values);

    public static Tensor Matrix(int columns, params long[] values) => Tensor.Of<long>([values.Length / columns, columns], values);

    public static Shape Sizes(params long[] sizes) => sizes;

    /// <summary>Integers for an attribute, where an array could also be a shape.</summary>
    public static IEnumerable<int> Ints(params int[] values) => values;

    public static string[] Texts(Tensor tensor) => [.. tensor.Strings.ToArray().Select(Encoding.UTF8.GetString)];

    /// <summary>0, 1, 2 and so on.</summary>
    public static Tensor Ramp(params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, static (n, s) => n * s)];
        for (int i = 0; i < values.Length; i++)
            values[i] = i;
        return Tensor.Of<float>(shape, values);
    }

    /// <summary>Builds, runs and gives the value, which fits the shape that was told.</summary>
    public static Tensor Once(Func<Graph, Output> build)
    {
        var graph = new Graph();
        Output output = build(graph);
        using var session = new Session(graph);
        Tensor value = session.Run(output);
        Assert.True(output.Shape.IsCompatibleWith(value.Shape));
        return value;
    }

    /// <summary>Checks that a value has these numbers, to 1e-5 of each.</summary>
    public void Expect(double[] expected, Output actual)
    {
        Tensor values = Session.Run(actual);
        Assert.Equal(expected.Length, values.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], values.ItemAt<double>(i), 1e-5 * Math.Max(1, Math.Abs(expected[i])));
    }

    public Operation Add(string type, AttributeList? attributes, params ReadOnlySpan<Operand> inputs) => Graph.AddOperation(type, null, attributes, inputs);

    public Tensor[] Run(Operation operation) => [.. Session.Run([.. operation.Outputs.Select(static o => (Fetch)o)]).Select(static t => t!)];

    public Tensor[] Run(string type, AttributeList? attributes, params ReadOnlySpan<Operand> inputs) => Run(Add(type, attributes, inputs));

    public void Dispose() => Session.Dispose();
}
