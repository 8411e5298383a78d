using System.Reflection;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Kernel;

/// <summary>Everything that runs a notebook's cells: script engine, magics, displays, and the workspace that replaces what a cell made.</summary>
/// <remarks>Thread safety: one cell at a time; <see cref="CellRunner.Interrupt"/> may be called from any thread.</remarks>
public sealed class NotebookHost : IDisposable
{
    // The messages that users of TensorFlow name; their namespace as a whole has a SavedModel too.
    private static readonly Type[] Messages =
    [
        typeof(Protos.AttrValue), typeof(Protos.CheckpointState), typeof(Protos.CollectionDef), typeof(Protos.GraphDef), typeof(Protos.MetaGraphDef), typeof(Protos.NodeDef),
        typeof(Protos.SaverDef), typeof(Protos.SignatureDef), typeof(Protos.TensorInfo), typeof(Protos.TensorProto), typeof(Protos.TensorShapeProto), typeof(Protos.VariableDef),
    ];

    // The libraries as a package: what notebooks for .NET Interactive load in their first cell.
    private const string Package = "NotebookPersist";

    // Whoever has not run a cell for so long reads, or is elsewhere.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    // Failures of tasks that a cell did not await are known only once the collector has looked: early enough to be read below the cell.
    private static readonly TimeSpan GlanceTime = TimeSpan.FromSeconds(1);

    private readonly CellHost _cellHost;

    // Not disposed of, both: a cell may end after the host.
    private readonly Timer _idle;
    private readonly Timer _glance;
    private string _code = "";

    /// <summary>A host without any state from earlier cells.</summary>
    /// <param name="baseDirectory">The folder that paths in <c>#r</c> and <c>#load</c> start from; by default the current one.</param>
    /// <param name="unloadsCode">Whether the code of cells that nothing can reach is unloaded, for sessions of thousands of cells.</param>
    public NotebookHost(string? baseDirectory = null, bool unloadsCode = false)
    {
        _idle = new Timer(static _ => Shrink(), null, Timeout.Infinite, Timeout.Infinite);
        _glance = new Timer(static _ => GC.Collect(1), null, Timeout.Infinite, Timeout.Infinite);
        _cellHost = new CellHost(() => Engine!); // No cell runs before the engine is there.
        Engine = new ScriptEngine(new ScriptEngineOptions
        {
            Imports = [.. ScriptEngineOptions.DefaultImports, "NotebookPersist", "Google.Protobuf", typeof(Microsoft.DotNet.Interactive.Kernel).FullName!], // Only types made from parameters have none.
            Aliases = Messages.ToDictionary(static m => m.Name, static m => m.FullName!), // Nor are these.
            References =
            [
                typeof(Tensor).Assembly,
                typeof(Formats.CheckpointFormatException).Assembly,
                typeof(Graph).Assembly,
                typeof(Session).Assembly,
                typeof(Saver).Assembly,
                typeof(tf).Assembly,
                typeof(Google.Protobuf.ByteString).Assembly,
                typeof(Formatter).Assembly,
                typeof(IHtmlContent).Assembly,
            ],
            ProvidedPackages = new Dictionary<string, string> { [Package] = Version, ["Microsoft.DotNet.Interactive"] = "*", ["Microsoft.DotNet.Interactive.Formatting"] = "*", ["Microsoft.DotNet.Interactive.CSharp"] = "*" },
            BaseDirectory = baseDirectory ?? Environment.CurrentDirectory,
            UnloadsCode = unloadsCode,
        });
        Displays.Register(); // The engine makes itself ready meanwhile.
        Workspace = new Workspace(() => _cellHost.Variables.Select(static v => KeyValuePair.Create(v.Name, v.Value))) { Host = _cellHost };
        Cells = new CellRunner(Engine, new WorkspaceMagics(Workspace, _cellHost));
        Insight = new CellInsight(Engine, new WorkspaceInsight(Workspace, _cellHost));
        Cells.CellStarting += OnCellStarting;
        Cells.CellFinished += OnCellFinished;
    }

    /// <summary>Compiles and runs C#.</summary>
    public ScriptEngine Engine { get; }

    /// <summary>Runs cells: magics and code.</summary>
    public CellRunner Cells { get; }

    /// <summary>Completes and explains what is typed.</summary>
    public CellInsight Insight { get; }

    /// <summary>The notebook's graphs, sessions and savers.</summary>
    public Workspace Workspace { get; }

    /// <summary>Does once what makes the first cell slow, and once nobody runs one what makes the first answer to whoever types slow.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task WarmUpAsync(CancellationToken cancellation = default)
    {
        // The engine makes itself ready on a thread of its own: what needs no compiler is done beside it.
        await Task.Factory.StartNew(WarmUpBeside, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await Engine.Ready.ConfigureAwait(false);

        // A cell that has come already does it itself.
        if (!Engine.IsBusy && Cells.ExecutionCount == 0)
            await Cells.WarmUpAsync().ConfigureAwait(false);

        // Whoever starts a kernel runs a cell first and types then: the first cell must not wait for what only typing needs.
        do
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
        while (Engine.IsBusy);
        await Insight.WarmUpAsync(cancellation).ConfigureAwait(false);
        if (!Engine.IsBusy)
            Shrink();
    }

    /// <summary>Ends the script engine.</summary>
    public void Dispose()
    {
        _idle.Change(Timeout.Infinite, Timeout.Infinite);
        _glance.Change(Timeout.Infinite, Timeout.Infinite);
        Insight.Dispose();
        _cellHost.Dispose();
        Engine.Dispose();
    }

    private static string Version => typeof(NotebookHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private void OnCellStarting(object? sender, CellStartingEventArgs cell)
    {
        _idle.Change(Timeout.Infinite, Timeout.Infinite);
        _glance.Change(Timeout.Infinite, Timeout.Infinite);

        // An interrupt of the cell reaches runs of a graph at their next check.
        Session.AmbientCancellation = Engine.Context.Cancellation;
        _code = cell.Code;
        ChartPage.BeginCell(cell.CellId);
        if (Workspace.BeginCell(cell.CellId) is { } warning)
            cell.Sink.Publish(new StreamOutput("stderr", warning + "\n"));
    }

    private void WarmUpBeside()
    {
        ValueBundle.Of(0);
        _ = Workspace.Graphs;
    }

    // Twice: what the first collection finds unused may free more, such as working memory of kernels.
    private static void Shrink()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    private void OnCellFinished(object? sender, CellFinishedEventArgs cell)
    {
        _idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
        _glance.Change(GlanceTime, Timeout.InfiniteTimeSpan);
        Workspace.EndCell();
        Displays.RegisterAgain();
        var isResetWanted = _cellHost.IsResetWanted && cell.Succeeded;
        foreach (object shown in _cellHost.EndCell())
            cell.Sink.Publish(new DisplayOutput(ValueBundle.Of(shown)));
        _cellHost.Note(new CellRun(cell.ExecutionCount, cell.CellId, _code, cell.Result.Status.ToString().ToLowerInvariant()));
        if (cell.Result.Status == CellStatus.Interrupted && Workspace.SaveAutomatically() is { } outcome)
            cell.Sink.Publish(new StreamOutput(outcome.IsSaved ? "stdout" : "stderr", outcome.Message + "\n"));
        if (!isResetWanted)
        {
            _ = Insight.FollowAsync();
            return;
        }

        _cellHost.ForgetRuns();
        Engine.Reset();
        tf.ResetDefaultGraph();
    }
}
