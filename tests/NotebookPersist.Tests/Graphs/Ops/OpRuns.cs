using System.Text;
using NotebookPersist.Graphs.OpModel;

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

    public Operation Add(string type, AttributeList? attributes, params ReadOnlySpan<Operand> inputs) => Graph.AddOperation(type, null, attributes, inputs);

    public Tensor[] Run(Operation operation) => [.. Session.Run([.. operation.Outputs.Select(static o => (Fetch)o)]).Select(static t => t!)];

    public Tensor[] Run(string type, AttributeList? attributes, params ReadOnlySpan<Operand> inputs) => Run(Add(type, attributes, inputs));

    public void Dispose() => Session.Dispose();
}
