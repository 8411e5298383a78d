using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Gradients;

/// <summary>The gradient of a While node: the loop is run again and keeps what it had in each iteration in lists; a second loop goes back through them.</summary>
/// <remarks>Source of the idea: TensorFlow's while_v2.py, which has the first loop keep the lists.</remarks>
internal sealed class WhileFunctionGradient
{
    private readonly GradientContext _g;
    private readonly Graph _graph;
    private readonly NameAttrList _condition;
    private readonly NameAttrList _body;
    private readonly GradientFunction _gradient;

    // Variables that change from iteration to iteration are kept in lists; others are just there.
    private readonly int[] _kept;
    private readonly int[] _invariant;

    // Variables that have gradients, and the types of these.
    private readonly int[] _wanted;
    private readonly DType[] _types;

    private WhileFunctionGradient(GradientContext g, NameAttrList condition, NameAttrList body)
    {
        (_g, _graph, _condition, _body) = (g, g.Graph, condition, body);
        var stored = FunctionBody.Of(_graph, body);
        if (FunctionBody.FirstChanging([.. stored.Graph.Operations, .. FunctionBody.Of(_graph, condition).Graph.Operations]) is { } changing)
        {
            throw new GraphException(
                $"No gradient for loop '{g.Operation.Name}' ({g.Operation.Type}): it would be run again for it, and '{changing.Name}' ({changing.Type}) in it need not do the same twice. Stop the gradient before the loop.",
                g.Operation.Name,
                g.Operation.Type);
        }

        _gradient = GradientFunction.Of(g.Operation, body);
        int[] all = [.. Enumerable.Range(0, g.InputCount)];
        _invariant = [.. all.Where(i => stored.Results[i].DType == DType.Resource || Source(stored.Results[i]) == stored.Arguments[i])];
        _kept = [.. all.Except(_invariant)];
        _wanted = [.. all.Where(i => GradientFunction.IsDifferentiable(g.X(i).DType) || _gradient.Gradients[i] is not null)];
        _types = [.. _wanted.Select(i => _gradient.Gradients[i]?.DType ?? g.X(i).DType)];
    }

    /// <summary>Builds the gradient.</summary>
    public static Output?[] Of(GradientContext g, NameAttrList condition, NameAttrList body) => new WhileFunctionGradient(g, condition, body).Build();

    private Output?[] Build()
    {
        var gradients = new Output?[_g.InputCount];
        Operand[] lists = [.. _kept.Select(i => (Operand)_graph.AddOperation("EmptyTensorList", null, new AttributeList { { "element_dtype", _g.X(i).DType }, { "shape_type", DType.Int32 } }, -1, -1)[0])];
        Operand[] start = [.. _g.Operation.Inputs, .. lists, (Operand)_graph.Constant(0)];
        Operation again = Loop(Keeping(start), start);
        int n = _g.InputCount;
        Operand[] weights = [.. _wanted.Select((i, k) => _g.X(i).DType == DType.Resource ? _graph.Zeros(_graph.Add<VariableShapeOp>(null, _g.X(i)), _types[k]) : _g.Dy(i))];
        Operand[] back = [again[n + _kept.Length], .. Enumerable.Range(n, _kept.Length).Select(i => (Operand)again[i]), .. _invariant.Select(i => (Operand)_g.X(i)), .. weights];
        Operation backward = Loop(GoingBack(back), back);
        for (int k = 0; k < _wanted.Length; k++)
        {
            Output gradient = backward[back.Length - _wanted.Length + k];
            Output x = _g.X(_wanted[k]);
            gradient.SetShape(x.DType == DType.Resource ? ResourceVariables.HandleShape(x) : x.Shape);
            gradients[_wanted[k]] = gradient;
        }

        return gradients;
    }

    private Operation Loop((NameAttrList Condition, NameAttrList Body) functions, Operand[] inputs) => _graph.AddOperation(
        _g.Operation.Type,
        null,
        new AttributeList { { "T", inputs.Select(static i => i.Output!.DType) }, { "cond", functions.Condition }, { "body", functions.Body } },
        inputs);

    // The loop as it was, with lists and a counter.
    private (NameAttrList Condition, NameAttrList Body) Keeping(Operand[] start)
    {
        int n = _g.InputCount;
        (Graph graph, Output[] arguments) = Begin(start);
        Operand[] variables = [.. arguments[..n]];
        Output goesOn = graph.AddOperation("StatefulPartitionedCall", null, new AttributeList { { "Tout", (DType[])[DType.Bool] }, { "f", _condition } }, variables)[0];
        NameAttrList condition = FunctionDefs.AddTo(_graph, _condition.Name + "_keeping", arguments, [goesOn]);

        (graph, arguments) = Begin(start);
        variables = [.. arguments[..n]];
        Operation next = graph.AddOperation("StatefulPartitionedCall", null, new AttributeList { { "Tout", variables.Select(static v => v.Output!.DType) }, { "f", _body } }, variables);
        IEnumerable<Output> lists = _kept.Select((i, k) => graph.AddOperation("TensorListPushBack", null, new AttributeList { { "element_dtype", arguments[i].DType } }, arguments[n + k], arguments[i])[0]);
        Output count = graph.Add(arguments[^1], 1);
        return (condition, FunctionDefs.AddTo(_graph, _body.Name + "_keeping", arguments, [.. next.Outputs, .. lists, count]));
    }

    // The number of iterations left, the lists, what stays, the gradients so far.
    private (NameAttrList Condition, NameAttrList Body) GoingBack(Operand[] start)
    {
        (Graph graph, Output[] arguments) = Begin(start);
        NameAttrList condition = FunctionDefs.AddTo(_graph, _condition.Name + "_grad", arguments, [graph.Greater(arguments[0], 0)]);

        (graph, arguments) = Begin(start);
        var values = new Operand[_g.InputCount];
        var lists = new List<Output>();
        for (int k = 0; k < _kept.Length; k++)
        {
            Operation popped = graph.AddOperation("TensorListPopBack", null, new AttributeList { { "element_dtype", _g.X(_kept[k]).DType } }, arguments[1 + k], -1);
            lists.Add(popped[0]);
            values[_kept[k]] = popped[1];
        }

        Output[] stays = arguments[(1 + _kept.Length)..(1 + _kept.Length + _invariant.Length)];
        for (int k = 0; k < _invariant.Length; k++)
            values[_invariant[k]] = stays[k];
        Output[] weights = arguments[^_wanted.Length..];
        Operand[] weighted = [.. _gradient.Weighted.Select(i => (Operand)weights[Array.IndexOf(_wanted, i)])];
        NameAttrList gradient = _gradient.AddTo(_graph, _wanted, _types);
        Operation step = graph.AddOperation("StatefulPartitionedCall", null, new AttributeList { { "Tout", _types }, { "f", gradient } }, [.. values, .. weighted]);

        // A handle's gradient is what all iterations add to it.
        IEnumerable<Output> next = _wanted.Select((i, k) => _g.X(i).DType == DType.Resource ? graph.Add(weights[k], step[k]) : step[k]);
        Output left = graph.Subtract(arguments[0], 1);
        return (condition, FunctionDefs.AddTo(_graph, _body.Name + "_going_back", arguments, [left, .. lists, .. stays, .. next]));
    }

    private (Graph Graph, Output[] Arguments) Begin(Operand[] pattern)
    {
        var graph = new Graph(_graph.Registry) { Library = _graph.Library };
        return (graph, [.. pattern.Select((p, i) => graph.Placeholder(p.Output!.DType, Shape.Unknown, $"argument_{i}"))]); // Loops take nodes only.
    }

    private static Output Source(Output value)
    {
        while (value.Operation.Type == "Identity")
            value = value.Operation.Inputs[0];
        return value;
    }
}
