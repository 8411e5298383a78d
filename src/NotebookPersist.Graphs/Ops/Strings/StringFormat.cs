using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A text with values in place of placeholders.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="template">The text.</param>
    /// <param name="inputs">A value for each placeholder.</param>
    /// <param name="placeholder">What stands for a value.</param>
    /// <param name="summarize">How many elements are shown at each end of a dimension; all where -1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.strings.format</c>, op "StringFormat".</remarks>
    public static Output StringFormat(this Graph graph, string template, ReadOnlySpan<Operand> inputs, string placeholder = "{}", int summarize = 3, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringFormatOp>(name, new AttributeList { { "template", template }, { "placeholder", placeholder }, { "summarize", summarize } }, inputs);
    }
}

internal sealed class StringFormatOp() : UndifferentiatedOp("StringFormat(inputs: [T]) -> (output: string) where T: list(type) >= 0, template: string = '%s', placeholder: string = '%s', summarize: int = 3", "strings are no continuous values")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        string[] parts = c.Attributes.String("template").Split(c.Attributes.String("placeholder"));
        if (parts.Length - 1 != c.InputCount)
            throw c.InvalidArgument($"num placeholders in template and num inputs must match: {parts.Length - 1} vs. {c.InputCount}");
        var text = new StringBuilder(parts[0]);
        for (int i = 0; i < c.InputCount; i++)
            text.Append(TensorSummary.Nested(c.Input(i), c.Attributes.Int("summarize"))).Append(parts[i + 1]);
        c.Output(0, Tensor.OfStrings(Shape.Scalar, [Encoding.UTF8.GetBytes(text.ToString())]));
    }
}
