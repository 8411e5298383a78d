using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Graphs.Gradients.ControlFlow;

internal static class ControlFlowGradients
{
    public static Output?[] Switch(GradientContext g) => throw new GraphException("todo", g.Operation.Name);

    public static Output?[] Merge(GradientContext g) => throw new GraphException("todo", g.Operation.Name);

    public static Output?[] Enter(GradientContext g) => throw new GraphException("todo", g.Operation.Name);

    public static Output?[] Exit(GradientContext g) => throw new GraphException("todo", g.Operation.Name);

    public static Output?[] NextIteration(GradientContext g) => throw new GraphException("todo", g.Operation.Name);
}
