using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Runs cells for a client and answers with their outcome.</summary>
/// <remarks>Thread safety: requests one after the other; <see cref="TakeAnswer"/> and <see cref="AbortAll"/> from any thread.</remarks>
internal sealed class CellAnswers(CellRunner cells, InsightAnswers insight, CellHistory history, Channels channels)
{
    private readonly ConcurrentQueue<TaskCompletionSource<string>> _questions = new();

    // There is one person: of two threads of a cell that ask at once, the second waits for the answer to the first.
    private readonly Lock _oneQuestion = new();
    private long _abortThrough = -1;
    private volatile bool _isOver;

    /// <summary>No cell begins any more.</summary>
    public void AbortAll() => _isOver = true;

    /// <summary>Takes the answer of the person at the keyboard; false where nobody waits for one.</summary>
    public bool TakeAnswer(JupyterMessage answer)
    {
        if (!_questions.TryDequeue(out var question))
            return false;
        question.TrySetResult(answer.ContentText("value") ?? "");
        return true;
    }

    /// <summary>Answers an execute_request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="number">Its place in the order of arrival.</param>
    /// <param name="received">How many have come by now.</param>
    /// <param name="interruptibly">Runs what an interrupt is to stop.</param>
    public async Task<JsonObject> ExecuteAsync(JupyterMessage request, long number, Func<long> received, Func<long, Func<CancellationToken, Task<CellStatus>>, Task> interruptibly)
    {
        var code = request.ContentText("code") ?? "";
        var isSilent = request.ContentFlag("silent") ?? false;

        // What is not to be remembered is not counted either, says the protocol.
        var isNumbered = !isSilent && request.ContentFlag("store_history") != false;

        // "Run all" sends all cells at once: those behind a failing one must not run.
        if (_isOver || number <= _abortThrough)
            return new JsonObject { ["status"] = "aborted", ["execution_count"] = cells.ExecutionCount };

        if (!isSilent)
        {
            var count = cells.ExecutionCount + (!isNumbered || string.IsNullOrWhiteSpace(code) || HelpQuestion.NameIn(code) is not null ? 0 : 1);
            channels.Publish("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = count }, request.Header);
        }

        // As IPython has it: a name with a question mark shows what is known of it in the pager.
        if (HelpQuestion.NameIn(code) is { } asked)
            return await ExplainAsync(asked).ConfigureAwait(false);

        var isOpen = new StrongBox<bool>(true);
        var cell = new CellRequest(code)
        {
            CellId = request.MetadataText("cellId"),
            Silent = isSilent,
            IsNumbered = isNumbered,
            ReadLine = request.ContentFlag("allow_stdin") == true ? input => Ask(input, request, isOpen) : null,
        };
        JsonObject reply = [];
        await interruptibly(number, RunAsync).ConfigureAwait(false);

        // A thread that the cell has left running would wait for ever: a client answers no question of a cell that has ended.
        Volatile.Write(ref isOpen.Value, false);
        while (_questions.TryDequeue(out var open))
            open.TrySetException(Unanswered());
        return reply;

        async Task<CellStatus> RunAsync(CancellationToken interrupt)
        {
            (reply, var status) = await RunCellAsync(request, cell, received, interrupt).ConfigureAwait(false);
            return status;
        }
    }

    private async Task<(JsonObject Reply, CellStatus Status)> RunCellAsync(JupyterMessage request, CellRequest cell, Func<long> received, CancellationToken interrupt)
    {
        var sink = new JupyterSink(channels, request.Header);
        var result = await cells.RunAsync(cell, sink, interrupt).ConfigureAwait(false);
        var count = result.ExecutionCount > 0 ? result.ExecutionCount : cells.ExecutionCount;
        if (cell.IsNumbered && !string.IsNullOrWhiteSpace(cell.Code))
            history.Add(result.ExecutionCount, cell.Code, result is { Status: CellStatus.Succeeded, HasValue: true } ? sink.LastResult : null);
        if (result.Error is { } error)
        {
            // Of what a client does behind the user's back the user's own cells know nothing.
            if (!cell.Silent && request.ContentFlag("stop_on_error") != false)
                _abortThrough = received();
            return (ReplyContent.Failed(error.ToOutput(), count), result.Status);
        }

        var (expressions, status) = await EvaluateAsync(request, interrupt).ConfigureAwait(false);
        return (ReplyContent.Ok(("execution_count", count), ("payload", new JsonArray()), ("user_expressions", expressions)), status);
    }

    private async Task<JsonObject> ExplainAsync(string name)
    {
        var description = await insight.DescribeAsync(name, name.Length).ConfigureAwait(false);
        var text = description?.PlainText ?? $"Nothing is known of '{name}'.";
        var page = new JsonObject { ["source"] = "page", ["data"] = new JsonObject { ["text/plain"] = text }, ["start"] = 0 };
        return ReplyContent.Ok(("execution_count", cells.ExecutionCount), ("payload", new JsonArray(page)), ("user_expressions", new JsonObject()));
    }

    private async Task<(JsonObject Values, CellStatus Status)> EvaluateAsync(JupyterMessage request, CancellationToken interrupt)
    {
        var values = new JsonObject();
        var status = CellStatus.Succeeded;
        if (request.Content["user_expressions"] is not JsonObject expressions)
            return (values, status);
        foreach (var (name, expression) in expressions)
        {
            var shown = new CellOutputList();
            var result = await cells.Engine.RunAsync(OutputJson.TextOf(expression), shown, interrupt).ConfigureAwait(false);
            status = result.Status == CellStatus.Interrupted ? result.Status : status;
            values[name] = result.Error is { } error
                ? ReplyContent.Failed(error.ToOutput())
                : ReplyContent.Ok(("data", OutputJson.WireBundle(ValueBundle.Of(result.Value))), ("metadata", new JsonObject()));
        }

        return (values, status);
    }

    // On the cell's thread: the wait ends by the answer, or by the interrupt of the cell.
    private string Ask(InputRequest input, JupyterMessage request, StrongBox<bool> isOpen)
    {
        lock (_oneQuestion)
        {
            input.Cancellation.ThrowIfCancellationRequested();
            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _questions.Clear();
            _questions.Enqueue(answer);
            if (!Volatile.Read(ref isOpen.Value))
                throw Unanswered();
            channels.Reply(Channel.Stdin, request, "input_request", new JsonObject { ["prompt"] = input.Prompt, ["password"] = input.IsPassword });
            return answer.Task.WaitAsync(input.Cancellation).GetAwaiter().GetResult();
        }
    }

    private static IOException Unanswered() => new("The cell has ended: nobody answers its questions any more.");
}
