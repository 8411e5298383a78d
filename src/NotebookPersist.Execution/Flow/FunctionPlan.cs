using NotebookPersist.Execution.Tracing;
using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist.Execution.Flow;

/// <summary>How a function is run: its body, and the plan for its results.</summary>
internal sealed class FunctionPlan(FunctionBody body, bool optimizes)
{
    private const int DeepestCalls = 200;

    [ThreadStatic]
    private static int _depth;

    private readonly RunPlan _plan = RunPlan.Compile(body.Graph, body.Results, body.Effects, body.Arguments, optimizes);

    /// <summary>Runs the function.</summary>
    /// <exception cref="KernelException">The arguments do not fit, or calls are nested too deep.</exception>
    /// <exception cref="RunException">A node of the body failed.</exception>
    public Tensor[] Call(Session session, ReadOnlySpan<Tensor> arguments, IDictionary<string, object> runResources, Workers workers, RunTrace? trace)
    {
        Check(arguments);
        if (_depth >= DeepestCalls)
            throw new KernelException(RunErrorCode.ResourceExhausted, $"Function '{body.Name}' is called inside of {DeepestCalls} other calls: functions that call themselves without end cannot be run.");
        _depth++;
        StepContext context = _plan.Borrow(session, session.Pool);
        context.Begin(workers, runResources, trace);
        try
        {
            for (int i = 0; i < arguments.Length; i++)
                context.Pass(_plan.FeedSlots[i], arguments[i]);
            Session.RunSteps(_plan, context, workers.Cancellation);
            return Array.ConvertAll(_plan.FetchSlots, context.Share);
        }
        finally
        {
            context.End();
            _plan.Return(context);
            _depth--;
        }
    }

    private void Check(ReadOnlySpan<Tensor> arguments)
    {
        if (arguments.Length != body.Arguments.Count)
            throw new KernelException(RunErrorCode.InvalidArgument, $"Expects {body.Arguments.Count} arguments, but {arguments.Length} is provided: function '{body.Name}'.");
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].DType != body.Arguments[i].DType)
                throw new KernelException(RunErrorCode.InvalidArgument, $"Expects arg[{i}] of function '{body.Name}' to be {body.Arguments[i].DType.Name()} but {arguments[i].DType.Name()} is provided.");
        }
    }
}
