using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>A first value becomes the variable's own without a copy, and only where nobody else has it.</summary>
public sealed class FirstValueTests
{
    private const int Size = 512;

    private readonly Graph _graph = new();

    [Fact]
    public void First_values_are_not_there_twice_and_can_be_set_again()
    {
        Variable a = _graph.Variable(_graph.RandomUniform([Size, Size], seed: 1), name: "a");
        Variable b = _graph.Variable(_graph.RandomUniform([Size, Size], seed: 2) * 2f, name: "b");
        using var session = new Session(_graph);
        session.Run(_graph.GlobalVariablesInitializer());
        Assert.True(session.Pool.HeldByteCount < 4L * Size * Size, $"{session.Pool.HeldByteCount:N0} bytes lie in the pool.");
        float[] first = session.Run(a).ToArray<float>();
        float[] other = session.Run(b).ToArray<float>();
        Assert.NotEqual(first, other);
        session.Run(_graph.GlobalVariablesInitializer());
        float[] second = session.Run(a).ToArray<float>();
        Assert.NotEqual(first, second);
        session.Run(a.AssignAdd(_graph.Ones([Size, Size])));
        Assert.Equal(second.Select(static v => v + 1), session.Run(a).ToArray<float>());
    }

    [Fact]
    public void Variables_with_one_first_value_do_not_share_it()
    {
        Output value = _graph.RandomUniform([Size, Size], seed: 1);
        Variable a = _graph.Variable(value, name: "a");
        Variable b = _graph.Variable(value, name: "b");
        using var session = new Session(_graph);
        Tensor?[] fetched = session.Run([_graph.GlobalVariablesInitializer(), value]);
        float[] first = fetched[1]!.ToArray<float>();
        Assert.Equal(first, session.Run(b).ToArray<float>());
        session.Run(a.AssignAdd(_graph.Ones([Size, Size])));
        Assert.Equal(first, session.Run(b).ToArray<float>());
        Assert.Equal(first, fetched[1]!.ToArray<float>());
        Assert.NotEqual(first, session.Run(a).ToArray<float>());
    }
}
