using NotebookPersist.Protos;

namespace NotebookPersist.SaveLoop;

/// <summary>A model whose values are all the step, so that a mixture of two saves shows, and the ways to save it.</summary>
internal sealed class SavedSteps : IDisposable
{
    private readonly string _folder;
    private readonly string _mode;
    private readonly Operation _assign;
    private readonly Session _session;
    private readonly Output _asset;
    private Task _latest = Task.CompletedTask;
    private readonly Saver _saver;

    public SavedSteps(string folder, string mode)
    {
        (_folder, _mode) = (folder, mode);
        var graph = new Graph();
        Variable[] variables = [.. new[] { 100_000, 1000, 1 }.Select((size, i) =>
        {
            using (graph.Device(mode == "sharded" ? $"/task:{i}" : null))
                return graph.Variable(graph.Fill(new[] { size }, 0f), name: $"v{i}");
        })];
        Output value = graph.Placeholder(DType.Float32, Shape.Scalar, "value");
        _assign = graph.Group([.. variables.Select((v, i) => graph.Assign(v.Reference, graph.Fill(new[] { (int)v.Shape.ElementCount }, value)).Operation)], "assign");
        graph.Identity(variables[1].Value, name: "output");

        // A file that every machine that runs this has, and every user may read.
        _asset = graph.Constant(Environment.ProcessPath!, name: "asset");
        _session = new Session(graph);
        _saver = new Saver(
            graph: graph,
            maxToKeep: 3,
            sharded: mode == "sharded",
            writeVersion: mode == "v1" ? SaverDef.Types.CheckpointFormatVersion.V1 : SaverDef.Types.CheckpointFormatVersion.V2);
    }

    public void Save(int step)
    {
        _session.Run(_assign, new FeedDict { ["value:0"] = (float)step });
        string prefix = Path.Combine(_folder, "model");
        switch (_mode)
        {
            case "same":
                _saver.Save(_session, prefix);
                break;
            case "async":
                // The next step is computed while this one is written, and waits for its turn.
                _latest = _saver.SaveAsync(_session, prefix, step);
                break;
            case "savedmodel":
                using (var builder = new SavedModelBuilder(Path.Combine(_folder, $"export-{step}")))
                {
                    builder.AddMetaGraphAndVariables(_session, ["serve"], assetsCollection: [_asset]);
                    builder.Save();
                }

                break;
            case "freeze":
                GraphFreezer.Write(Path.Combine(_folder, "model.pb"), GraphFreezer.Freeze(_session, ["output"]).GraphDef);
                break;
            default:
                _saver.Save(_session, prefix, step, options: new SaveOptions { Incremental = _mode == "incremental" });
                break;
        }
    }

    /// <summary>Waits for what is saved in the background.</summary>
    /// <exception cref="IOException">The latest one failed.</exception>
    public void Wait()
    {
        _saver.Dispose();
        Task latest = _latest;
        _latest = Task.CompletedTask;
        latest.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Wait();
        _session.Dispose();
    }
}
