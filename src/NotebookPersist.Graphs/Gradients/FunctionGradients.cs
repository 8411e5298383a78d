using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Gradients;

/// <summary>Gradients of the nodes that call functions: nodes that call the functions' gradients.</summary>
internal static class FunctionGradients
{
    /// <summary>Of a node that calls one function with all its inputs.</summary>
    public static Output?[] OfCall(GradientContext g, NameAttrList function)
    {
        var gradient = GradientFunction.Of(g.Operation, function);
        int[] wanted = [.. Enumerable.Range(0, g.InputCount).Where(i => gradient.Gradients[i] is not null)];
        var gradients = new Output?[g.InputCount];
        if (wanted.Length == 0)
            return gradients;
        DType[] types = [.. wanted.Select(i => gradient.Gradients[i]!.DType)]; // Those without were left out.
        Operand[] inputs = [.. g.Operation.Inputs, .. gradient.Weighted.Select(i => (Operand)g.Dy(i))];
        string type = g.Operation.Type is "PartitionedCall" ? "PartitionedCall" : "StatefulPartitionedCall";
        Operation call = g.Graph.AddOperation(type, null, new AttributeList { { "Tout", types }, { "f", gradient.AddTo(g.Graph, wanted, types) } }, inputs);
        Spread(g, 0, wanted, call.Outputs, gradients);
        return gradients;
    }

    /// <summary>Of a node that calls one of several functions with all its inputs but the first, which tells which one.</summary>
    /// <param name="g">The node.</param>
    /// <param name="branches">The functions.</param>
    /// <param name="make">Makes the node that calls one of other functions, for the types of its results and with its inputs.</param>
    public static Output?[] OfBranches(GradientContext g, IReadOnlyList<NameAttrList> branches, Func<NameAttrList[], DType[], Operand[], Operation> make)
    {
        GradientFunction[] all = [.. branches.Select(b => GradientFunction.Of(g.Operation, b))];
        int[] wanted = [.. Enumerable.Range(0, g.InputCount - 1).Where(i => Array.Exists(all, a => a.Gradients[i] is not null))];
        var gradients = new Output?[g.InputCount];
        if (wanted.Length == 0)
            return gradients;
        DType[] types = [.. wanted.Select(i => all.Select(a => a.Gradients[i]?.DType).First(static t => t is not null)!.Value)]; // At least one branch has each.
        Operand[] inputs = [g.X(0), .. g.Operation.Inputs.Skip(1), .. all[0].Weighted.Select(i => (Operand)g.Dy(i))];
        Operation call = make([.. all.Select(a => a.AddTo(g.Graph, wanted, types))], types, inputs);
        Spread(g, 1, wanted, call.Outputs, gradients);
        return gradients;
    }

    private static void Spread(GradientContext g, int first, int[] wanted, IReadOnlyList<Output> results, Output?[] gradients)
    {
        for (int i = 0; i < wanted.Length; i++)
        {
            Output x = g.X(first + wanted[i]);
            results[i].SetShape(x.DType == DType.Resource ? ResourceVariables.HandleShape(x) : x.Shape);
            gradients[first + wanted[i]] = results[i];
        }
    }
}
