using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Completion;
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
    public const string ProtocolVersion = KernelDescription.ProtocolVersion;

    // A cell that cannot be stopped must not keep the process: by then Jupyter has long ended it, but others may wait for it.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(30);

    // What was handed to the sockets is on its way after this long.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    private const int ToldOneByOne = 20;

    private readonly CellRunner _cells;
    private readonly CellAnswers _answers;
    private readonly InsightAnswers _insight;
    private readonly Channels _channels;
    private readonly CommMessages _comms;
    private readonly BlockingCollection<(JupyterMessage Message, long Number)> _shell = [];
    private readonly Lock _shellGate = new();
    private readonly Interrupts _interrupts = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly CellHistory _history;
    private readonly TextWriter _log;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private long _dropped;
    private int _isStopping;
    private volatile JsonObject? _current;

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
        _history = new CellHistory(historyPath);
        _log = Console.Error;
        _channels = new Channels(connection);
        _insight = new InsightAnswers(insight, _ending.Token);
        _answers = new CellAnswers(cells, _insight, _history, _channels);
        _comms = new CommMessages(cells, _channels);
        _channels.Received += Dispatch;
        _channels.Refused += (channel, fault) => Drop($"Dropped a message on {channel}: {fault}.");
    }

    /// <summary>How many messages were dropped: wrongly signed, replayed, malformed, or such as nobody waits for.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    /// <summary>Serves clients until one of them asks for shutdown.</summary>
    /// <param name="cancellation">Ends the kernel as a shutdown request does.</param>
    /// <returns>Ends with the kernel: true where all that it ran has ended, false where a cell could not be stopped and goes on.</returns>
    /// <remarks>While it runs, SIGINT interrupts the running cell instead of ending the process, and SIGTERM ends the kernel as a shutdown request does.</remarks>
    public async Task<bool> RunAsync(CancellationToken cancellation = default)
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
        void TellOfExit(object? sender, EventArgs e) => TellExit(poller);
        AppDomain.CurrentDomain.ProcessExit += TellOfExit;
        _channels.Publish("status", Status("starting"), null);
        using var registration = cancellation.Register(Stop);
        var worker = Task.Factory.StartNew(ServeShellAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        await _finished.Task.ConfigureAwait(false);
        AppDomain.CurrentDomain.ProcessExit -= TellOfExit;
        var isDone = await Task.WhenAny(worker, Task.Delay(LastWait, CancellationToken.None)).ConfigureAwait(false) == worker;
        if (!isDone)
            await _log.WriteLineAsync("The running cell does not stop: it is inside code that cannot be interrupted. The kernel ends without it.").ConfigureAwait(false);
        _channels.Stop();
        await Task.Run(poller.Join, CancellationToken.None).ConfigureAwait(false);
        return isDone;
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

    // A client only sees that the kernel is gone.
    private void TellExit(Thread poller)
    {
        if (Volatile.Read(ref _isStopping) != 0)
            return;
        var text = FormattableString.Invariant($"The kernel's process has been ended by code, with Environment.Exit for example (exit code {Environment.ExitCode}): all variables are gone.\n");
        _log.Write(text);
        if (_current is { } header)
            _channels.Publish("stream", new JsonObject { ["name"] = "stderr", ["text"] = text }, header);
        _channels.Stop();
        poller.Join(LastWords);
        Thread.Sleep(LastWords);
    }

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
            case Channel.Stdin when message.Type == "input_reply" && _answers.TakeAnswer(message):
                break;
            default:
                Drop($"Dropped a message of type '{message.Type}' on {channel}: nobody waits for it.");
                break;
        }
    }

    // Nothing comes in between the question whether the kernel still takes requests and the taking.
    private void Enqueue(JupyterMessage message)
    {
        if (message.Type is "execute_request" or "is_complete_request")
            _cells.Expect(new CellRequest(message.ContentText("code") ?? ""));
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
                _channels.Reply(Channel.Control, request, "interrupt_reply", ReplyContent.Ok());
                break;
            case "shutdown_request":
                Shutdown(Channel.Control, request);
                break;
            case "kernel_info_request":
                _channels.Reply(Channel.Control, request, "kernel_info_reply", KernelDescription.Reply());
                break;
            case "debug_request":
                _channels.Reply(Channel.Control, request, "debug_reply", KernelDescription.NoDebugger(request));
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
            _current = message.Header;
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
                _current = null;
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
        var error = new ErrorOutput(fault.GetType().Name, fault.Message, [$"The kernel cannot answer '{request.Type}': {fault.Message}"]);
        _channels.Reply(Channel.Shell, request, request.Type[..^asking.Length] + "_reply", ReplyContent.Failed(error, _cells.ExecutionCount));
    }

    private async Task AnswerShellAsync(JupyterMessage request, long number)
    {
        switch (request.Type)
        {
            case "execute_request":
                _channels.Reply(Channel.Shell, request, "execute_reply", await _answers.ExecuteAsync(request, number, () => Interlocked.Read(ref _received), InterruptiblyAsync).ConfigureAwait(false));
                break;
            case "kernel_info_request":
                _channels.Reply(Channel.Shell, request, "kernel_info_reply", KernelDescription.Reply());
                break;
            case "is_complete_request":
                _channels.Reply(Channel.Shell, request, "is_complete_reply", InsightAnswers.IsComplete(request));
                break;
            case "complete_request":
                _channels.Reply(Channel.Shell, request, "complete_reply", await _insight.CompleteAsync(request).ConfigureAwait(false));
                break;
            case "inspect_request":
                _channels.Reply(Channel.Shell, request, "inspect_reply", await _insight.InspectAsync(request).ConfigureAwait(false));
                break;
            case "history_request":
                _channels.Reply(Channel.Shell, request, "history_reply", ReplyContent.Ok(("history", _history.Select(request))));
                break;
            case "comm_info_request":
                _channels.Reply(Channel.Shell, request, "comm_info_reply", ReplyContent.Ok(("comms", _comms.List(request))));
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

    private void Shutdown(Channel channel, JupyterMessage request)
    {
        _channels.Reply(channel, request, "shutdown_reply", ReplyContent.Ok(("restart", request.ContentFlag("restart") ?? false)));
        Stop();
    }

    private void Stop()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) != 0)
            return;
        lock (_shellGate)
            _shell.CompleteAdding();
        _answers.AbortAll();
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
