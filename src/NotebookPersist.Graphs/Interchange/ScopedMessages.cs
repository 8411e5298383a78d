using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Messages that name nodes, with the names that nodes have under, or without, a scope.</summary>
internal static class ScopedMessages
{
    // Contexts nest as deep as loops do in a program; deeper is a damaged file.
    private const int DeepestNesting = 100;

    public static SaverDef WithScope(SaverDef saver, string prefix) => Renamed(saver, Under(prefix));

    public static QueueRunnerDef WithScope(QueueRunnerDef runner, string prefix) => Renamed(runner, Under(prefix));

    public static CondContextDef WithScope(CondContextDef context, string prefix) => Renamed(context, Under(prefix));

    public static WhileContextDef WithScope(WhileContextDef context, string prefix) => Renamed(context, Under(prefix));

    public static SaverDef Renamed(SaverDef saver, Func<string, string> rename)
    {
        SaverDef renamed = saver.Clone();
        renamed.FilenameTensorName = rename(saver.FilenameTensorName);
        renamed.SaveTensorName = rename(saver.SaveTensorName);
        renamed.RestoreOpName = rename(saver.RestoreOpName);
        return renamed;
    }

    public static QueueRunnerDef Renamed(QueueRunnerDef runner, Func<string, string> rename)
    {
        QueueRunnerDef renamed = runner.Clone();
        renamed.QueueName = rename(runner.QueueName);
        renamed.CloseOpName = rename(runner.CloseOpName);
        renamed.CancelOpName = rename(runner.CancelOpName);
        Rename(renamed.EnqueueOpName, rename);
        return renamed;
    }

    public static CondContextDef Renamed(CondContextDef context, Func<string, string> rename)
    {
        CondContextDef renamed = context.Clone();
        Rename(renamed, rename, 0);
        return renamed;
    }

    public static WhileContextDef Renamed(WhileContextDef context, Func<string, string> rename)
    {
        WhileContextDef renamed = context.Clone();
        Rename(renamed, rename, 0);
        return renamed;
    }

    private static void Rename(CondContextDef context, Func<string, string> rename, int depth)
    {
        context.ContextName = rename(context.ContextName);
        context.PredName = rename(context.PredName);
        context.PivotName = rename(context.PivotName);
        Rename(context.ValuesDef, rename);
        Rename(context.NestedContexts, rename, depth);
    }

    private static void Rename(WhileContextDef context, Func<string, string> rename, int depth)
    {
        context.ContextName = rename(context.ContextName);
        context.PivotName = rename(context.PivotName);
        context.PivotForPredName = rename(context.PivotForPredName);
        context.PivotForBodyName = rename(context.PivotForBodyName);
        context.MaximumIterationsName = rename(context.MaximumIterationsName);
        Rename(context.LoopExitNames, rename);
        Rename(context.LoopEnterNames, rename);
        Rename(context.ValuesDef, rename);
        Rename(context.NestedContexts, rename, depth);
    }

    private static void Rename(IList<ControlFlowContextDef> nested, Func<string, string> rename, int depth)
    {
        if (depth > DeepestNesting)
            throw new GraphException($"Contexts of conditionals and loops are nested deeper than {DeepestNesting}; the meta graph is damaged.");
        foreach (ControlFlowContextDef context in nested)
        {
            if (context.CondCtxt is not null)
                Rename(context.CondCtxt, rename, depth + 1);
            if (context.WhileCtxt is not null)
                Rename(context.WhileCtxt, rename, depth + 1);
        }
    }

    private static void Rename(ValuesDef? values, Func<string, string> rename)
    {
        if (values is null)
            return;
        Rename(values.Values, rename);
        KeyValuePair<string, string>[] external = [.. values.ExternalValues];
        values.ExternalValues.Clear();
        foreach ((string inner, string outer) in external)
            values.ExternalValues[rename(inner)] = rename(outer);
    }

    private static void Rename(IList<string> names, Func<string, string> rename)
    {
        for (int i = 0; i < names.Count; i++)
            names[i] = rename(names[i]);
    }

    private static Func<string, string> Under(string prefix) => name => name.Length == 0 ? name : prefix + name;
}
