using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same value; each run writes others to the error stream.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape and dtype.</param>
    /// <param name="data">What is written.</param>
    /// <param name="message">What the line begins with.</param>
    /// <param name="firstN">Write only in so many runs; by default in all.</param>
    /// <param name="summarize">How many elements of each value are written.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Print"; the gradient passes through.</remarks>
    public static Output Print(this Graph graph, Operand input, ReadOnlySpan<Operand> data, string message = "", int firstN = -1, int summarize = 3, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<PrintOp>(name, new AttributeList { { "message", message }, { "first_n", firstN }, { "summarize", summarize } }, [input, .. data]);
    }

    /// <summary>An operation that writes a text.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">The text, a scalar.</param>
    /// <param name="outputStream">"stderr", "stdout", or a log.</param>
    /// <param name="end">What is written after it.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "PrintV2".</remarks>
    public static Operation PrintV2(this Graph graph, Operand input, string outputStream = "stderr", string end = "\n", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<PrintV2Op>(name, new AttributeList { { "output_stream", outputStream }, { "end", end } }, input);
    }
}

internal sealed class PrintOp() : Op(
    "Print(input: T, data: [U]) -> (output: T) where T: type, U: list(type) >= 0, message: string = '', first_n: int = -1, summarize: int = 3; stateful")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        var gradients = new Output?[g.InputCount];
        gradients[0] = g.Dy(0);
        return gradients;
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        c.Output(0, c.Input(0));
        long most = c.Attributes.Int("first_n");
        if (most >= 0 && c.State(static () => new Counter()).Next() > most)
            return;
        var line = new System.Text.StringBuilder(c.Attributes.String("message"));
        for (int i = 1; i < c.InputCount; i++)
            line.Append('[').Append(TensorSummary.Of(c.Input(i), c.Attributes.Int("summarize"))).Append(']');
        Console.Error.WriteLine(line.ToString());
    }

    private sealed class Counter
    {
        private long _count;

        public long Next() => Interlocked.Increment(ref _count);
    }
}

internal sealed class PrintV2Op() : Op("PrintV2(input: string) -> () where output_stream: string = 'stderr', end: string = '\n'; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        string stream = c.Attributes.String("output_stream");
        // A graph from elsewhere must not choose files to write to.
        TextWriter writer = stream switch
        {
            "stdout" => Console.Out,
            "stderr" or "log(info)" or "log(warning)" or "log(error)" => Console.Error,
            _ => throw c.InvalidArgument($"Unknown output stream: {stream}, Valid streams are: stdout stderr log(info) log(warning) log(error)"),
        };
        writer.Write(System.Text.Encoding.UTF8.GetString(StringBytes.One(c, 0)) + c.Attributes.String("end"));
    }
}
