using System.Collections.Concurrent;
using NotebookPersist.Graphs.Functions;
using NotebookPersist.Protos;

namespace NotebookPersist.Execution.Flow;

/// <summary>The functions that a session has called, ready to be called again.</summary>
/// <remarks>Thread safety: may be used from many threads.</remarks>
internal sealed class FunctionCache(bool optimizes)
{
    private readonly ConcurrentDictionary<FunctionKey, FunctionPlan> _plans = new();

    /// <summary>A function of the library of a graph, made for some attributes.</summary>
    /// <exception cref="Graphs.OpModel.KernelException">There is no such function, or it is damaged.</exception>
    public FunctionPlan Of(Graph graph, NameAttrList function) =>
        _plans.GetOrAdd(FunctionKey.Of(graph, function), static (_, call) => new FunctionPlan(FunctionBody.Of(call.graph, call.function), call.optimizes), (graph, function, optimizes));

    public void Clear() => _plans.Clear();

    // Most calls have no attributes, and calls of one node share their message.
    private readonly record struct FunctionKey(FunctionDefLibrary Library, string Name, string Attributes)
    {
        public static FunctionKey Of(Graph graph, NameAttrList function) =>
            new(graph.Library, function.Name, function.Attr.Count == 0 ? "" : function.Attr.ToString());

        public bool Equals(FunctionKey other) => ReferenceEquals(Library, other.Library) && Name == other.Name && Attributes == other.Attributes;

        public override int GetHashCode() => HashCode.Combine(Name, Attributes);
    }
}
