using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Golden;

public sealed class OpGoldenTests(ITestOutputHelper output)
{
    /// <summary>Every value of every case is the one that TensorFlow computed; none is left out.</summary>
    [Theory]
    [InlineData("activations", 68)]
    [InlineData("array", 62)]
    [InlineData("control_flow", 6)]
    [InlineData("conv2d", 110)]
    [InlineData("fused_batch_norm", 37)]
    [InlineData("matmul", 7)]
    [InlineData("optimizers", 228)]
    [InlineData("pool", 120)]
    [InlineData("random", 86)]
    [InlineData("reductions", 95)]
    [InlineData("strings", 17)]
    [InlineData("xent", 13)]
    public void Values_are_those_that_TensorFlow_computed(string folder, int count)
    {
        using var golden = new OpGoldenCase(folder);
        golden.Run();
        output.WriteLine($"{folder}: matched {golden.Matched} / runnable {golden.Runnable} / total {golden.Total}");
        Assert.Empty(golden.Missing);
        Assert.True(golden.Faults.Count == 0, $"{golden.Faults.Count} of {golden.Runnable} differ:\n{string.Join('\n', golden.Faults.Take(40))}");
        Assert.Equal((count, count, count), (golden.Total, golden.Runnable, golden.Matched));
    }
}
