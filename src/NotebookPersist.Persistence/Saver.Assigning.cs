using NotebookPersist.Persistence;

namespace NotebookPersist;

public sealed partial class Saver
{
    private PromisedValues? _promised;

    /// <summary>Ends when all values of the last lazy restore are read and verified, with an exception where one is damaged; at once where there was none.</summary>
    public Task Verification => _promised?.Completion ?? Task.CompletedTask;

    private void Assign(Session session, Checkpoint checkpoint, RestorePlan plan, CancellationToken cancellation)
    {
        if (DirectRestore.Of(Graph, Definition) is not { } direct || !AssignDirectly(direct, session, checkpoint, plan, cancellation))
            AssignByNodes(session, plan, cancellation);
    }

    private bool AssignDirectly(DirectRestore direct, Session session, Checkpoint checkpoint, RestorePlan plan, CancellationToken cancellation)
    {
        Dictionary<string, string> keys = plan.Restored.ToDictionary(static i => i.Name, static i => i.Source!, StringComparer.Ordinal); // What is restored has a key.
        if (!plan.Options.Lazy)
            return direct.TryRun(session, checkpoint.Reader, keys.GetValueOrDefault, cancellation);
        Formats.CheckpointReader reader = Formats.CheckpointReader.Open(plan.Path);
        if (direct.TryDefer(session, reader, keys.GetValueOrDefault) is { } cells)
        {
            _promised = PromisedValues.ReadInBackground(cells, reader);
            return true;
        }

        reader.Dispose();
        return false;
    }
}
