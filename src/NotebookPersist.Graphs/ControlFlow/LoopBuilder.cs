namespace NotebookPersist.Graphs.ControlFlow;

/// <summary>Builds the nodes of one loop, inside of its name scope.</summary>
internal sealed class LoopBuilder(Graph graph, int parallelIterations, bool backProp, bool swapMemory, Output? maximumIterations)
{
    private readonly WhileContext _context = new(graph, parallelIterations, backProp, swapMemory) { MaximumIterations = maximumIterations };

    public IReadOnlyList<LoopVariable> Build(
        Func<IReadOnlyList<LoopVariable>, Output> cond,
        Func<IReadOnlyList<LoopVariable>, IReadOnlyList<LoopVariable>> body,
        IReadOnlyList<LoopVariable> loopVars,
        IReadOnlyList<Shape>? shapeInvariants)
    {
        var initial = new Output[loopVars.Count];
        for (int i = 0; i < initial.Length; i++)
            initial[i] = loopVars[i].Array?.Flow ?? graph.ToOutput(loopVars[i].Value, $"loop_var_{i}");
        if (shapeInvariants is not null && shapeInvariants.Count != initial.Length)
            throw new ArgumentException($"There are {shapeInvariants.Count} shape invariants for {initial.Length} loop variables.", nameof(shapeInvariants));

        _context.Enter();
        try
        {
            Output[] exits = Build(cond, body, loopVars, initial, shapeInvariants);
            if (_context.Outer is null)
                graph.AddToCollection(GraphKeys.WhileContext, _context);
            return Packed(loopVars, exits);
        }
        finally
        {
            _context.Exit();
        }
    }

    private Output[] Build(
        Func<IReadOnlyList<LoopVariable>, Output> cond,
        Func<IReadOnlyList<LoopVariable>, IReadOnlyList<LoopVariable>> body,
        IReadOnlyList<LoopVariable> loopVars,
        Output[] initial,
        IReadOnlyList<Shape>? shapeInvariants)
    {
        Output[] merges = Begin(initial, shapeInvariants);
        Output goesOn = cond(Packed(loopVars, merges));
        if (goesOn.DType != DType.Bool)
            throw Fault(goesOn, $"The condition of a loop must be of type bool; '{goesOn.Name}' is of {goesOn.DType.Name()}.");
        _context.Pivot = graph.LoopCond(goesOn, "LoopCond");
        Output[][] switches = Array.ConvertAll(merges, m => ControlFlowContext.Switched(graph, m, _context.Pivot));
        Output[] inBody = Array.ConvertAll(switches, s => s[1].IsReference ? graph.AddOperation<RefIdentityOp>("Identity", null, s[1])[0] : graph.Identity(s[1]));
        _context.PivotForBody = inBody[0];
        IReadOnlyList<LoopVariable> results = body(Packed(loopVars, inBody));
        if (results.Count != merges.Length)
            throw Fault(merges[0], $"The body of a loop must give as many values as the loop has variables: {merges.Length}, but it gives {results.Count}.");
        for (int i = 0; i < merges.Length; i++)
            Close(merges[i], results[i].Array?.Flow ?? graph.ToOutput(results[i].Value, "value"), i, shapeInvariants is not null);
        Output[] exits = Array.ConvertAll(switches, s => graph.Exit(s[0]));
        _context.Exits.AddRange(exits);
        _context.ExitResult(exits);
        return exits;
    }

    private Output[] Begin(Output[] initial, IReadOnlyList<Shape>? shapeInvariants)
    {
        Output[] real = _context.Outer is { } outer ? Array.ConvertAll(initial, outer.AddValue) : initial;
        var enters = new Output[real.Length];
        for (int i = 0; i < enters.Length; i++)
            enters[i] = _context.EnterValue(real[i], isConstant: false);
        Output? pivot = null;
        for (ControlFlowContext? around = _context.Outer; around is not null && pivot is null; around = around.Outer)
            pivot = around.ControlPivot;
        foreach (Output enter in enters.Where(e => pivot is not null && ControlFlowContext.IsLoopConstantEnter(e.Operation.Inputs[0].Operation)))
            graph.AddControlInput(enter.Operation, pivot!.Operation); // Checked above.
        for (int i = 0; i < enters.Length && shapeInvariants is not null; i++)
        {
            if (!shapeInvariants[i].IsCompatibleWith(real[i].Shape))
                throw Fault(enters[i], $"The shape invariant specified for {real[i].Name} is not compatible with the initial shape of the loop variable. It enters the loop with shape {real[i].Shape.ToPythonString()}, but the specified shape invariant is {shapeInvariants[i].ToPythonString()}.");
            enters[i].Shape = shapeInvariants[i];
        }

        _context.Enters.AddRange(enters);
        Output[] merges = Array.ConvertAll(enters, e => graph.Merge([e, e])[0]);
        _context.PivotForPredicate = merges[0];
        return merges;
    }

    private void Close(Output merge, Output next, int index, bool hasInvariants)
    {
        if (next.DType != merge.DType)
            throw Fault(merge, $"Loop variable {index} is of type {merge.DType.Name()}, but the body gives it a value of type {next.DType.Name()}.");
        if (merge.Shape.HasRank && !Covers(merge.Shape, next.Shape))
        {
            string remedy = hasInvariants ? "Loosen its shape invariant." : "Provide shape invariants using either the shapeInvariants argument of WhileLoop or SetShape() on the loop variables.";
            throw Fault(merge, $"Input tensor '{merge.Operation.Inputs[0].Operation.Inputs[0].Name}' enters the loop with shape {merge.Shape.ToPythonString()}, but has shape {next.Shape.ToPythonString()} after one iteration. {remedy}");
        }

        WhileContext.Close(merge, next);
    }

    // Whether every value of the second shape also has the first one, as far as is known.
    private static bool Covers(Shape wide, Shape narrow)
    {
        if (!narrow.HasRank || narrow.Rank != wide.Rank)
            return false;
        for (int i = 0; i < wide.Rank; i++)
        {
            if (wide[i] >= 0 && wide[i] != narrow[i])
                return false;
        }

        return true;
    }

    private static LoopVariable[] Packed(IReadOnlyList<LoopVariable> pattern, Output[] values)
    {
        var packed = new LoopVariable[values.Length];
        for (int i = 0; i < packed.Length; i++)
            packed[i] = pattern[i].Array is { } array ? array.WithFlow(values[i]) : values[i];
        return packed;
    }

    private static GraphException Fault(Output at, string message) => new(message, at.Operation.Name, at.Operation.Type);
}
