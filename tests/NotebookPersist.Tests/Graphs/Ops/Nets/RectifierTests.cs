using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

/// <summary>Vectors of elements come out as elements one by one do, with what is no number in them.</summary>
public sealed class RectifierTests
{
    // More than two of the widest vectors, and a rest.
    private static readonly float[] Values = [.. Enumerable.Range(0, 37).Select(static i => i % 9 switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => float.NegativeInfinity,
        3 => 6,
        4 => 0,
        5 => -0.5f,
        6 => 6.5f,
        _ => i / 9f,
    })];

    [Theory]
    [InlineData("Relu")]
    [InlineData("Relu6")]
    public void Values_and_gradients_are_those_of_the_definition(string type)
    {
        float top = type == "Relu6" ? 6 : float.PositiveInfinity;
        foreach (DType dtype in new[] { DType.Float32, DType.Float64, DType.Float16, DType.BFloat16 })
        {
            var graph = new Graph();
            Output x = graph.Cast(graph.Constant(Values), dtype);
            Output dy = graph.Cast(graph.Constant(Enumerable.Range(1, Values.Length).Select(static i => (float)i).ToArray()), dtype);
            Output y = graph.Cast(graph.AddOperation(type, null, null, x)[0], DType.Float32);
            Output dx = graph.Cast(graph.AddOperation(type + "Grad", null, null, dy, x)[0], DType.Float32);
            using var session = new Session(graph);
            float[] inputs = session.Run(graph.Cast(x, DType.Float32)).ToArray<float>();
            Assert.Equal(inputs.Select(v => v < 0 ? 0 : v > top ? top : v), session.Run(y).ToArray<float>());
            Assert.Equal(inputs.Select((v, i) => v > 0 && (v < top || top > 6) ? i + 1 : 0f), session.Run(dx).ToArray<float>());
        }
    }

    [Fact]
    public void Whole_numbers_are_cut_off_at_six()
    {
        var graph = new Graph();
        Output x = graph.Constant(Enumerable.Range(-20, 41).ToArray());
        using var session = new Session(graph);
        Assert.Equal(Enumerable.Range(-20, 41).Select(static v => Math.Clamp(v, 0, 6)), session.Run(graph.Relu6(x)).ToArray<int>());
    }
}
