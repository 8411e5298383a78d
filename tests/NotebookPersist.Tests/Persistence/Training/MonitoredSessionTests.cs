using NotebookPersist.Persistence;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Training;

public sealed class MonitoredSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = new();
    private readonly Variable _step;
    private readonly Variable _weight;
    private readonly Output _loss;
    private readonly Operation _train;

    public MonitoredSessionTests()
    {
        _step = _graph.GetOrCreateGlobalStep();
        _weight = _graph.Variable(4f, "w");
        _loss = _graph.Square(_weight.Value, "loss");
        _train = new GradientDescentOptimizer(0.25).Minimize(_loss, globalStep: _step);
        SummaryFunctions.Scalar("loss", _loss);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_ends_at_its_step_and_goes_on_from_its_checkpoint()
    {
        using (MonitoredSession session = Open(new StopAtStepHook(lastStep: 5)))
        {
            int runs = 0;
            while (!session.ShouldStop())
            {
                session.Run(_train);
                runs++;
            }

            Assert.Equal(5, runs);
        }

        // At the start, at steps 2 and 4, and at the end.
        Assert.Equal([0L, 2, 4, 5], Directory.EnumerateFiles(_folder.Path, "model.ckpt-*.index").Select(static p => long.Parse(Path.GetFileNameWithoutExtension(p)["model.ckpt-".Length..])).Order());
        using MonitoredSession next = Open(new StopAtStepHook(numSteps: 3));
        Assert.Equal(5, next.GlobalStep);
        Assert.Equal(4f / 32, (float)next.Session.Run(_weight));
        while (!next.ShouldStop())
            next.Run(_train);
        Assert.Equal(8, next.GlobalStep);
    }

    [Fact]
    public void A_run_that_fails_ends_no_hook()
    {
        Output missing = _graph.Placeholder(DType.Float32, name: "missing");
        var hook = new Recording();
        using (MonitoredSession session = Open(hook))
        {
            session.Run(_train);
            Assert.Throws<RunException>(() => session.Run(missing));
        }

        Assert.Equal(["begin", "created", "before", "after 16", "before"], hook.Calls);
        Assert.False(File.Exists(_folder["model.ckpt-1.index"]));
    }

    [Fact]
    public void Hooks_see_what_they_asked_for()
    {
        var hook = new Recording();
        MonitoredSession session = Open(hook);
        using (session)
            Assert.Equal([16f, null], session.Run([_loss, _train]).Select(static t => t?.Item<float>()));
        Assert.Equal(["begin", "created", "before", "after 16", "end"], hook.Calls);
        Assert.Throws<ObjectDisposedException>(() => session.Run(_train));
    }

    [Fact]
    public void Values_are_logged_every_so_many_runs_and_at_the_end()
    {
        using var text = new StringWriter();
        var hook = new LoggingTensorHook(new Dictionary<string, Output> { ["w"] = _weight.Value }, everyNIter: 2, atEnd: true, formatter: static v => $"w is {v["w"]}", writer: text);
        using (MonitoredSession session = Open(hook, new LoggingTensorHook([_loss], atEnd: true, writer: text)))
        {
            for (int i = 0; i < 3; i++)
                session.Run(_loss);
            session.Run(_train);
        }

        Assert.Equal(["w is 4", "w is 4", "w is 2", "loss:0 = 4"], text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Summaries_and_rates_are_written_every_so_many_steps()
    {
        using var text = new StringWriter();
        string path;
        using (var writer = new SummaryWriter(_folder["log"]))
        {
            path = writer.Path;
            using MonitoredSession session = Open(new SummarySaverHook(saveSteps: 3, summaryWriter: writer), new StepCounterHook(everyNSteps: 4, summaryWriter: writer, log: text));
            for (int i = 0; i < 7; i++)
                session.Run(_train);
        }

        Event[] events = [.. EventFile.Read(path)];
        Assert.Equal([1L, 4, 7], events.Where(static e => e.Summary?.Value is [{ Tag: "loss_1" }]).Select(static e => e.Step));
        Assert.Equal([5L], events.Where(static e => e.Summary?.Value is [{ Tag: "global_step/sec", SimpleValue: > 0 }]).Select(static e => e.Step));
        Assert.Equal(1, Assert.Single(events, static e => e.SessionLog is { Status: SessionLog.Types.SessionStatus.Start }).Step);
        Assert.StartsWith("global_step/sec: ", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_training()
    {
        Output x = _graph.Placeholder(DType.Float32, name: "x"), loss = _graph.Divide(x, x);
        FeedDict one = new() { [x] = 1f }, zero = new() { [x] = 0f };
        using (MonitoredSession failing = Open(new NanTensorHook(loss)))
        {
            failing.Run(_train, one);
            Assert.Contains("NaN loss during training", Assert.Throws<ArithmeticException>(() => failing.Run(_train, zero)).Message, StringComparison.Ordinal);
        }

        using MonitoredSession stopping = Open(new NanTensorHook(loss, failOnNanLoss: false));
        stopping.Run(_train, one);
        Assert.False(stopping.ShouldStop());
        stopping.Run(_train, zero);
        Assert.True(stopping.ShouldStop());
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentException>(static () => new StopAtStepHook());
        Assert.Throws<ArgumentException>(static () => new StopAtStepHook(1, 2));
        Assert.Throws<ArgumentException>(() => new CheckpointSaverHook(_folder.Path, 1, 1));
        Assert.Throws<ArgumentException>(static () => new SummarySaverHook(1));
        Assert.Throws<ArgumentException>(static () => new LoggingTensorHook(Array.Empty<Output>()));
        Assert.Contains("GetOrCreateGlobalStep", Assert.Throws<InvalidOperationException>(() => new CheckpointSaverHook(_folder.Path, saveSteps: 1).Begin(new Graph())).Message, StringComparison.Ordinal);
    }

    private MonitoredSession Open(params SessionRunHook[] hooks)
    {
        SessionRunHook[] all = hooks is [StopAtStepHook] or [Recording] ? [new CheckpointSaverHook(_folder.Path, saveSteps: 2), .. hooks] : hooks;
        return new(hooks is [StopAtStepHook] ? _folder.Path : null, all, graph: _graph);
    }

    // Asks for the loss, and notes when it is called.
    private sealed class Recording : SessionRunHook
    {
        private Output? _loss;

        public List<string> Calls { get; } = [];

        public override void Begin(Graph graph)
        {
            Calls.Add("begin");
            _loss = graph.GetTensorByName("loss:0");
        }

        public override void AfterCreateSession(MonitoredSession session) => Calls.Add("created");

        public override IReadOnlyList<Fetch> BeforeRun(MonitoredSession session)
        {
            Calls.Add("before");
            return [_loss!];
        }

        public override void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values) => Calls.Add($"after {values[0]}");

        public override void End(MonitoredSession session) => Calls.Add("end");
    }
}
