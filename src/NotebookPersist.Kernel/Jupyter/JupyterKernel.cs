using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Serves a cell runner to Jupyter clients.</summary>
/// <remarks>
/// Shell requests are answered one after the other; control requests, among them interrupt and shutdown, at once.
/// Messages with a wrong signature or malformed frames are dropped with a line on standard error and never end the kernel.
/// </remarks>
public sealed class JupyterKernel : IDisposable
{
    /// <summary>The version of the protocol that the kernel speaks.</summary>
    public const string ProtocolVersion = "5.3";

    // Whoever typed has typed on after this long.
    private static readonly TimeSpan InsightLimit = TimeSpan.FromSeconds(10);

    // A cell that cannot be stopped must not keep the process: by then Jupyter has long ended it, but others may wait for it.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(30);

    private const int ToldOneByOne = 20;

    private readonly CellRunner _cells;
    private readonly CellInsight _insight;
    private readonly Channels _channels;
    private readonly CommMessages _comms;
    private readonly BlockingCollection<(JupyterMessage Message, long Number)> _shell = [];
    private readonly Lock _shellGate = new();
    private readonly Interrupts _interrupts = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly CellHistory _history;
    private readonly TextWriter _log;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<TaskCompletionSource<string>> _questions = new();
    private long _received;
    private long _dropped;
    private long _abortThrough = -1;
    private int _isStopping;

    /// <summary>Binds the kernel's sockets. Nothing is answered before <see cref="RunAsync"/>.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="cells">Runs the cells.</param>
    /// <param name="insight">Completes and explains what is typed.</param>
    /// <param name="historyPath">The file that keeps what was run for later sessions; null to keep it for this one only.</param>
    /// <exception cref="NetMQ.NetMQException">A port is taken.</exception>
    public JupyterKernel(ConnectionFile connection, CellRunner cells, CellInsight insight, string? historyPath = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(insight);
        _cells = cells;
        _insight = insight;
        _history = new CellHistory(historyPath);
        _log = Console.Error;
        _channels = new Channels(connection);
        _comms = new CommMessages(cells, _channels);
        _channels.Received += Dispatch;
        _channels.Refused += (channel, fault) => Drop($"Dropped a message on {channel}: {fault}.");
    }

    /// <summary>How many messages were dropped: wrongly signed, replayed, malformed, or such as nobody waits for.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    /// <summary>Serves clients until one of them asks for shutdown.</summary>
    /// <param name="cancellation">Ends the kernel as a shutdown request does.</param>
    /// <returns>A task that ends with the kernel.</returns>
    /// <remarks>While it runs, SIGINT interrupts the running cell instead of ending the process, and SIGTERM ends the kernel as a shutdown request does.</remarks>
    public async Task RunAsync(CancellationToken cancellation = default)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            Interrupt();
        });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            // Whoever asks again wants it to end at once.
            context.Cancel = Volatile.Read(ref _isStopping) == 0;
            Stop();
        });
        var poller = new Thread(_channels.Run) { IsBackground = true, Name = "Jupyter sockets" };
        poller.Start();
        _channels.Publish("status", Status("starting"), null);
        using var registration = cancellation.Register(Stop);
        var worker = Task.Factory.StartNew(ServeShellAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        await _finished.Task.ConfigureAwait(false);
        if (await Task.WhenAny(worker, Task.Delay(LastWait, CancellationToken.None)).ConfigureAwait(false) != worker)
            await _log.WriteLineAsync("The running cell does not stop: it is inside code that cannot be interrupted. The kernel ends without it.").ConfigureAwait(false);
        _channels.Stop();
        await Task.Run(poller.Join, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Stops the running cell, or the next one whose request has come. Does nothing when there is none.</summary>
    public void Interrupt() => _interrupts.Interrupt(Interlocked.Read(ref _received));

    /// <inheritdoc/>
    public void Dispose()
    {
        _channels.Dispose();
        _shell.Dispose();
        _ending.Dispose();
    }

    private static JsonObject Status(string state) => new() { ["execution_state"] = state };

    // On the poller's thread: it must not wait for anything.
    private void Dispatch(Channel channel, JupyterMessage message)
    {
        switch (channel)
        {
            case Channel.Shell:
                Enqueue(message);
                break;
            case Channel.Control:
                WithStatus(message, () => AnswerControl(message));
                break;
            case Channel.Stdin when message.Type == "input_reply" && _questions.TryDequeue(out var question):
                question.TrySetResult(message.ContentText("value") ?? "");
                break;
            default:
                Drop($"Dropped a message of type '{message.Type}' on {channel}: nobody waits for it.");
                break;
        }
    }

    // Nothing comes in between the question whether the kernel still takes requests and the taking.
    private void Enqueue(JupyterMessage message)
    {
        lock (_shellGate)
        {
            if (!_shell.IsAddingCompleted)
                _shell.Add((message, Interlocked.Increment(ref _received)));
        }
    }

    // A flood of them must not fill the log: the first are told one by one, then every thousandth.
    private void Drop(string message)
    {
        var count = Interlocked.Increment(ref _dropped);
        if (count <= ToldOneByOne || count % 1000 == 0)
            _log.WriteLine($"{message} Dropped so far: {count:N0}.");
    }

    private void DropUnknown(Channel channel, JupyterMessage request) => Drop($"Cannot answer '{request.Type}' on {channel}: the kernel does not know it.");

    private void AnswerControl(JupyterMessage request)
    {
        switch (request.Type)
        {
            case "interrupt_request":
                Interrupt();
                _channels.Reply(Channel.Control, request, "interrupt_reply", Ok());
                break;
            case "shutdown_request":
                Shutdown(Channel.Control, request);
                break;
            case "kernel_info_request":
                _channels.Reply(Channel.Control, request, "kernel_info_reply", KernelInfo());
                break;
            case "debug_request":
                _channels.Reply(Channel.Control, request, "debug_reply", NoDebugger(request));
                break;
            default:
                DropUnknown(Channel.Control, request);
                break;
        }
    }

    private async Task ServeShellAsync()
    {
        foreach (var (message, number) in _shell.GetConsumingEnumerable())
        {
            _channels.Publish("status", Status("busy"), message.Header);
            try
            {
                await AnswerShellAsync(message, number).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // One request that cannot be answered must not end the session with all its variables.
                await _log.WriteLineAsync($"Cannot answer '{message.Type}': {e}").ConfigureAwait(false);
                ReplyWithFault(message, e);
            }
            finally
            {
                // Clients wait for idle after every request before they send the next.
                _channels.Publish("status", Status("idle"), message.Header);
            }
        }
    }

    // Who asked waits for an answer of some kind.
    private void ReplyWithFault(JupyterMessage request, Exception fault)
    {
        const string asking = "_request";
        if (!request.Type.EndsWith(asking, StringComparison.Ordinal))
            return;
        var content = JupyterSink.ErrorContent(new ErrorOutput(fault.GetType().Name, fault.Message, [$"The kernel cannot answer '{request.Type}': {fault.Message}"]));
        content["status"] = "error";
        content["execution_count"] = _cells.ExecutionCount;
        _channels.Reply(Channel.Shell, request, request.Type[..^asking.Length] + "_reply", content);
    }

    private async Task AnswerShellAsync(JupyterMessage request, long number)
    {
        switch (request.Type)
        {
            case "execute_request":
                _channels.Reply(Channel.Shell, request, "execute_reply", await ExecuteAsync(request, number).ConfigureAwait(false));
                break;
            case "kernel_info_request":
                _channels.Reply(Channel.Shell, request, "kernel_info_reply", KernelInfo());
                break;
            case "is_complete_request":
                _channels.Reply(Channel.Shell, request, "is_complete_reply", IsComplete(request));
                break;
            case "complete_request":
                _channels.Reply(Channel.Shell, request, "complete_reply", await CompleteAsync(request).ConfigureAwait(false));
                break;
            case "inspect_request":
                _channels.Reply(Channel.Shell, request, "inspect_reply", await InspectAsync(request).ConfigureAwait(false));
                break;
            case "history_request":
                _channels.Reply(Channel.Shell, request, "history_reply", Ok(("history", _history.Select(request))));
                break;
            case "comm_info_request":
                _channels.Reply(Channel.Shell, request, "comm_info_reply", Ok(("comms", _comms.List(request))));
                break;
            case "comm_open" or "comm_msg" or "comm_close":
                await InterruptiblyAsync(number, interrupt => _comms.HandleAsync(request, interrupt)).ConfigureAwait(false);
                break;
            case "shutdown_request":
                Shutdown(Channel.Shell, request);
                break;
            default:
                DropUnknown(Channel.Shell, request);
                break;
        }
    }

    private async Task<JsonObject> ExecuteAsync(JupyterMessage request, long number)
    {
        var code = request.ContentText("code") ?? "";
        var isSilent = request.ContentFlag("silent") ?? false;

        // "Run all" sends all cells at once: those behind a failing one must not run.
        if (number <= _abortThrough)
            return new JsonObject { ["status"] = "aborted", ["execution_count"] = _cells.ExecutionCount };

        if (!isSilent)
        {
            var count = _cells.ExecutionCount + (string.IsNullOrWhiteSpace(code) || HelpQuestion.NameIn(code) is not null ? 0 : 1);
            _channels.Publish("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = count }, request.Header);
        }

        // As IPython has it: a name with a question mark shows what is known of it in the pager.
        if (HelpQuestion.NameIn(code) is { } asked)
            return await ExplainAsync(asked).ConfigureAwait(false);

        var cell = new CellRequest(code)
        {
            CellId = request.MetadataText("cellId"),
            Silent = isSilent,
            ReadLine = request.ContentFlag("allow_stdin") == true ? input => Ask(input, request) : null,
        };
        JsonObject reply = [];
        await InterruptiblyAsync(number, RunAsync).ConfigureAwait(false);
        return reply;

        async Task<CellStatus> RunAsync(CancellationToken interrupt)
        {
            (reply, var status) = await RunCellAsync(request, cell, interrupt).ConfigureAwait(false);
            return status;
        }
    }

    // What runs the notebook's own code.
    private async Task InterruptiblyAsync(long number, Func<CancellationToken, Task<CellStatus>> run)
    {
        var status = CellStatus.Failed;
        var interrupt = _interrupts.Begin(number);
        try
        {
            status = await run(interrupt).ConfigureAwait(false);
        }
        finally
        {
            _interrupts.End(status == CellStatus.Interrupted);
        }
    }

    private async Task<(JsonObject Reply, CellStatus Status)> RunCellAsync(JupyterMessage request, CellRequest cell, CancellationToken interrupt)
    {
        var sink = new JupyterSink(_channels, request.Header);
        var result = await _cells.RunAsync(cell, sink, interrupt).ConfigureAwait(false);
        if (!cell.Silent && request.ContentFlag("store_history") != false && !string.IsNullOrWhiteSpace(cell.Code))
            _history.Add(result.ExecutionCount, cell.Code, result is { Status: CellStatus.Succeeded, HasValue: true } ? sink.LastResult : null);
        if (result.Error is { } error)
        {
            if (request.ContentFlag("stop_on_error") != false)
                _abortThrough = Interlocked.Read(ref _received);
            var failed = JupyterSink.ErrorContent(error.ToOutput());
            failed["status"] = "error";
            failed["execution_count"] = result.ExecutionCount;
            return (failed, result.Status);
        }

        var (expressions, status) = await EvaluateAsync(request, interrupt).ConfigureAwait(false);
        return (Ok(("execution_count", result.ExecutionCount), ("payload", new JsonArray()), ("user_expressions", expressions)), status);
    }

    private async Task<JsonObject> ExplainAsync(string name)
    {
        var description = await LimitedAsync(limit => _insight.DescribeAsync(name, name.Length, limit), null).ConfigureAwait(false);
        var text = description?.PlainText ?? $"Nothing is known of '{name}'.";
        var page = new JsonObject { ["source"] = "page", ["data"] = new JsonObject { ["text/plain"] = text }, ["start"] = 0 };
        return Ok(("execution_count", _cells.ExecutionCount), ("payload", new JsonArray(page)), ("user_expressions", new JsonObject()));
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
            var result = await _cells.Engine.RunAsync(OutputJson.TextOf(expression), shown, interrupt).ConfigureAwait(false);
            status = result.Status == CellStatus.Interrupted ? result.Status : status;
            if (result.Error is { } error)
            {
                var failed = JupyterSink.ErrorContent(error.ToOutput());
                failed["status"] = "error";
                values[name] = failed;
            }
            else
            {
                values[name] = Ok(("data", OutputJson.WireBundle(ValueBundle.Of(result.Value))), ("metadata", new JsonObject()));
            }
        }

        return (values, status);
    }

    // On the cell's thread: the wait ends by the answer, or by the interrupt of the cell.
    private string Ask(InputRequest input, JupyterMessage request)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions.Clear();
        _questions.Enqueue(answer);
        _channels.Reply(Channel.Stdin, request, "input_request", new JsonObject { ["prompt"] = input.Prompt, ["password"] = input.IsPassword });
        answer.Task.Wait(input.Cancellation);
        return answer.Task.Result;
    }

    private JsonObject IsComplete(JupyterMessage request)
    {
        var state = ScriptEngine.CheckComplete(request.ContentText("code") ?? "");
        var content = new JsonObject { ["status"] = state.ToString().ToLowerInvariant() };
        if (state == Completeness.Incomplete)
            content["indent"] = "    ";
        return content;
    }

    private async Task<JsonObject> CompleteAsync(JupyterMessage request)
    {
        var code = request.ContentText("code") ?? "";
        var cursor = CodePosition.ToUtf16(code, request.ContentNumber("cursor_pos") ?? int.MaxValue);
        var completion = await LimitedAsync(limit => _insight.CompleteAsync(code, cursor, limit), CellCompletion.None(cursor)).ConfigureAwait(false);
        var (start, end) = (CodePosition.FromUtf16(code, completion.Start), CodePosition.FromUtf16(code, completion.End));
        var kinds = completion.Items.Select(i => (JsonNode)new JsonObject { ["text"] = i.Text, ["type"] = i.Kind, ["start"] = start, ["end"] = end });
        return Ok(
            ("matches", new JsonArray([.. completion.Items.Select(i => (JsonNode)i.Text)])),
            ("cursor_start", start),
            ("cursor_end", end),
            ("metadata", new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. kinds]) }));
    }

    private async Task<JsonObject> InspectAsync(JupyterMessage request)
    {
        var code = request.ContentText("code") ?? "";
        var cursor = CodePosition.ToUtf16(code, request.ContentNumber("cursor_pos") ?? 0);
        var description = await LimitedAsync(limit => _insight.DescribeAsync(code, cursor, limit), null).ConfigureAwait(false);
        var data = new JsonObject();
        if (description is not null)
            (data["text/plain"], data["text/markdown"]) = (description.PlainText, description.Markdown);
        return Ok(("found", description is not null), ("data", data), ("metadata", new JsonObject()));
    }

    // Whoever typed has typed on by the time that the limit is over.
    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> ask, T otherwise)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        limit.CancelAfter(InsightLimit);
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return otherwise;
        }
    }

    private static JsonObject Ok(params (string Name, JsonNode? Value)[] members)
    {
        var content = new JsonObject { ["status"] = "ok" };
        foreach (var (name, value) in members)
            content[name] = value;
        return content;
    }

    // Source: the debug adapter protocol's response.
    private static JsonObject NoDebugger(JupyterMessage request) => new()
    {
        ["type"] = "response",
        ["request_seq"] = request.ContentNumber("seq") ?? 0,
        ["success"] = false,
        ["command"] = request.ContentText("command") ?? "",
        ["message"] = "This kernel has no debugger.",
    };

    private static JsonObject KernelInfo()
    {
        var version = typeof(JupyterKernel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        return Ok(
            ("protocol_version", ProtocolVersion),
            ("implementation", "NotebookPersist"),
            ("implementation_version", version),
            ("banner", $"NotebookPersist {version}: C# on .NET {Environment.Version}"),
            ("language_info", new JsonObject
            {
                ["name"] = "C#",
                ["version"] = "14.0",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            }),
            ("debugger", false),
            ("help_links", new JsonArray(
                new JsonObject { ["text"] = "C# reference", ["url"] = "https://learn.microsoft.com/dotnet/csharp/" },
                new JsonObject { ["text"] = "TensorFlow 1.15 API", ["url"] = "https://github.com/tensorflow/docs/tree/r1.15/site/en/api_docs" })));
    }

    private void Shutdown(Channel channel, JupyterMessage request)
    {
        _channels.Reply(channel, request, "shutdown_reply", Ok(("restart", request.ContentFlag("restart") ?? false)));
        Stop();
    }

    private void Stop()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) != 0)
            return;
        lock (_shellGate)
            _shell.CompleteAdding();
        _abortThrough = long.MaxValue;
        _interrupts.Stop();
        Background.Start("End", _ending.Cancel);
        _finished.TrySetResult();
    }

    private void WithStatus(JupyterMessage message, Action answer)
    {
        _channels.Publish("status", Status("busy"), message.Header);
        try
        {
            answer();
        }
        catch (Exception e)
        {
            // The thread serves all sockets: one request that cannot be answered must not end it.
            _log.WriteLine($"Cannot answer '{message.Type}': {e}");
        }
        finally
        {
            _channels.Publish("status", Status("idle"), message.Header);
        }
    }
}
