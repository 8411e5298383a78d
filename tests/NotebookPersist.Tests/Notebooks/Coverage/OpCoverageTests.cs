using System.Text.Json;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Notebooks;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Coverage;

public sealed class OpCoverageTests
{
    [Fact]
    public void Every_operation_has_a_row()
    {
        IReadOnlyList<OpCoverageRow> rows = OpCoverage.Rows();
        Assert.Equal(OpRegistry.BuiltIn.All.Select(static o => o.Signature.Name), rows.Select(static r => r.Name));
        Assert.All(rows, static r => Assert.Equal(r.IsDifferentiable, r.Reason is null));
        Assert.Equal(rows.Count, JsonDocument.Parse(OpCoverage.ToJson(rows)).RootElement.GetArrayLength());
        Assert.Equal(rows.Count, OpCoverage.ToMarkdown(rows).Split('\n').Count(static l => l.StartsWith("| ", StringComparison.Ordinal)) - 2);
    }

    [Fact]
    public void Builders_are_found_in_the_code()
    {
        Dictionary<string, OpCoverageRow> rows = OpCoverage.Rows().ToDictionary(static r => r.Name, StringComparer.Ordinal);
        Assert.Equal(["tf.Nn.Relu"], rows["Relu"].Builders);
        Assert.Contains("tf.MatMul", rows["MatMul"].Builders);
        Assert.Contains("tf.Nn.Conv2D", rows["Conv2D"].Builders);
        Assert.Contains("tf.ReduceSum", rows["Sum"].Builders);
        Assert.Empty(rows["ReluGrad"].Builders);
        Assert.Contains("float", rows["Relu"].Types["T"]);

        // Most of what can be built has a member of its own; a scan that finds little has gone blind.
        Assert.InRange(rows.Values.Count(static r => r.Builders.Count > 0), 150, rows.Count);
    }
}
