using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Messages that name nodes, with the names that nodes have after they were imported under a scope.</summary>
internal static class ScopedMessages
{
    // Contexts nest as deep as loops do in a program; deeper is a damaged file.
    private const int DeepestNesting = 100;

    public static SaverDef WithScope(SaverDef saver, string prefix)
    {
        SaverDef scoped = saver.Clone();
        scoped.FilenameTensorName = Prefixed(saver.FilenameTensorName, prefix);
        scoped.SaveTensorName = Prefixed(saver.SaveTensorName, prefix);
        scoped.RestoreOpName = Prefixed(saver.RestoreOpName, prefix);
        return scoped;
    }

    public static QueueRunnerDef WithScope(QueueRunnerDef runner, string prefix)
    {
        QueueRunnerDef scoped = runner.Clone();
        scoped.QueueName = Prefixed(runner.QueueName, prefix);
        scoped.CloseOpName = Prefixed(runner.CloseOpName, prefix);
        scoped.CancelOpName = Prefixed(runner.CancelOpName, prefix);
        Prefix(scoped.EnqueueOpName, prefix);
        return scoped;
    }

    public static CondContextDef WithScope(CondContextDef context, string prefix)
    {
        CondContextDef scoped = context.Clone();
        Prefix(scoped, prefix, 0);
        return scoped;
    }

    public static WhileContextDef WithScope(WhileContextDef context, string prefix)
    {
        WhileContextDef scoped = context.Clone();
        Prefix(scoped, prefix, 0);
        return scoped;
    }

    private static void Prefix(CondContextDef context, string prefix, int depth)
    {
        context.ContextName = Prefixed(context.ContextName, prefix);
        context.PredName = Prefixed(context.PredName, prefix);
        context.PivotName = Prefixed(context.PivotName, prefix);
        Prefix(context.ValuesDef, prefix);
        Prefix(context.NestedContexts, prefix, depth);
    }

    private static void Prefix(WhileContextDef context, string prefix, int depth)
    {
        context.ContextName = Prefixed(context.ContextName, prefix);
        context.PivotName = Prefixed(context.PivotName, prefix);
        context.PivotForPredName = Prefixed(context.PivotForPredName, prefix);
        context.PivotForBodyName = Prefixed(context.PivotForBodyName, prefix);
        context.MaximumIterationsName = Prefixed(context.MaximumIterationsName, prefix);
        Prefix(context.LoopExitNames, prefix);
        Prefix(context.LoopEnterNames, prefix);
        Prefix(context.ValuesDef, prefix);
        Prefix(context.NestedContexts, prefix, depth);
    }

    private static void Prefix(IList<ControlFlowContextDef> nested, string prefix, int depth)
    {
        if (depth > DeepestNesting)
            throw new GraphException($"Contexts of conditionals and loops are nested deeper than {DeepestNesting}; the meta graph is damaged.");
        foreach (ControlFlowContextDef context in nested)
        {
            if (context.CondCtxt is not null)
                Prefix(context.CondCtxt, prefix, depth + 1);
            if (context.WhileCtxt is not null)
                Prefix(context.WhileCtxt, prefix, depth + 1);
        }
    }

    private static void Prefix(ValuesDef? values, string prefix)
    {
        if (values is null)
            return;
        Prefix(values.Values, prefix);
        KeyValuePair<string, string>[] external = [.. values.ExternalValues];
        values.ExternalValues.Clear();
        foreach ((string inner, string outer) in external)
            values.ExternalValues.Add(Prefixed(inner, prefix), Prefixed(outer, prefix));
    }

    private static void Prefix(IList<string> names, string prefix)
    {
        for (int i = 0; i < names.Count; i++)
            names[i] = Prefixed(names[i], prefix);
    }

    private static string Prefixed(string name, string prefix) => name.Length == 0 ? name : prefix + name;
}
