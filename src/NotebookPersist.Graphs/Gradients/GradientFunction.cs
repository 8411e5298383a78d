using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Gradients;

/// <summary>The function that computes a function's gradients: of its arguments and what its results are weighted with.</summary>
/// <remarks>It computes again what it needs of the function, as TensorFlow's SymbolicGradient does.</remarks>
internal sealed class GradientFunction
{
    private readonly FunctionBody _body;
    private readonly List<Output> _weights = [];
    private readonly string _name;

    private GradientFunction(Graph caller, NameAttrList function, Operation call)
    {
        _name = function.Name + "_grad";
        try
        {
            _body = FunctionBody.Of(caller, function);
        }
        catch (KernelException fault)
        {
            throw new GraphException($"The gradient of node '{call.Name}' ({call.Type}) cannot be built: {fault.Message}", call.Name, call.Type);
        }

        Graph graph = _body.Graph;
        var ys = new List<Output>();
        for (int i = 0; i < _body.Results.Count; i++)
        {
            if (!IsDifferentiable(_body.Results[i].DType))
                continue;
            ys.Add(_body.Results[i]);
            _weights.Add(graph.Placeholder(_body.Results[i].DType, Shape.Unknown, "grad_ys"));
            Weighted.Add(i);
        }

        Output[] xs = [.. _body.Arguments.Where(static a => IsDifferentiable(a.DType) || a.DType == DType.Resource)];
        Output?[] found = ys.Count == 0 ? new Output?[xs.Length] : graph.Gradients(ys, xs, [.. _weights]);
        Gradients = [.. _body.Arguments.Select(a => Array.IndexOf(xs, a) is >= 0 and int at ? found[at] : null)];
        if (FirstChanging() is { } changing)
        {
            throw new GraphException(
                $"No gradient for node '{call.Name}' ({call.Type}): function '{function.Name}' would run '{changing.Name}' ({changing.Type}) again for it, which need not give the same. Stop the gradient before it.",
                call.Name,
                call.Type);
        }
    }

    /// <summary>Which results are weighted.</summary>
    public List<int> Weighted { get; } = [];

    /// <summary>For each argument its gradient in the function's own graph; null where there is none.</summary>
    public IReadOnlyList<Output?> Gradients { get; }

    /// <summary>Differentiates a function of a graph's library.</summary>
    /// <param name="call">The node that calls it, for messages.</param>
    /// <param name="function">The function.</param>
    public static GradientFunction Of(Operation call, NameAttrList function) => new(call.Graph, function, call);

    /// <summary>Whether values of a type have gradients here.</summary>
    public static bool IsDifferentiable(DType type) => type.IsFloating() || type.IsComplex();

    /// <summary>Adds the function to the library.</summary>
    /// <param name="graph">Whose library.</param>
    /// <param name="wanted">Arguments whose gradients it gives; zeros where there is none.</param>
    /// <param name="types">Element type of each of these gradients.</param>
    /// <remarks>It takes the arguments, then what each of <see cref="Weighted"/> is weighted with.</remarks>
    public NameAttrList AddTo(Graph graph, IReadOnlyList<int> wanted, IReadOnlyList<DType> types) => FunctionDefs.AddTo(
        graph,
        _name,
        [.. _body.Arguments, .. _weights],
        [.. wanted.Zip(types, (i, t) => Gradients[i] ?? Zeros(_body.Arguments[i], t))],
        static waited => !FunctionBody.IsChanging(waited)); // What the function assigned stays assigned: it is not done twice.

    private Output Zeros(Output argument, DType type)
    {
        Graph graph = _body.Graph;
        return argument.DType == DType.Resource ? graph.Zeros(graph.Add<VariableShapeOp>(null, argument), type) : graph.ZerosLike(argument, optimize: false);
    }

    private Operation? FirstChanging()
    {
        var seen = new HashSet<Operation>();
        var queue = new Queue<Operation>(Gradients.OfType<Output>().Select(static g => g.Operation));
        while (queue.TryDequeue(out Operation? operation))
        {
            if (!seen.Add(operation))
                continue;
            foreach (Output input in operation.Inputs)
                queue.Enqueue(input.Operation);
        }

        return FunctionBody.FirstChanging(seen);
    }
}
