using NotebookPersist.Formats;
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
        var keys = new Dictionary<string, string>(plan.Items.Count, StringComparer.Ordinal);
        foreach (RestoreItem item in plan.Restored)
            keys.Add(item.Name, item.Source!); // What is restored has a key.
        ObjectDisposedException.ThrowIf(session.IsClosed, session);
        if (!plan.Options.Lazy)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Session.AmbientCancellation);
            return direct.TryRun(session, checkpoint.Reader, keys.GetValueOrDefault, stop.Token);
        }

        // It is kept open after the checkpoint that was compared is closed.
        var reader = CheckpointReader.Open(plan.Path);
        bool kept = false;
        try
        {
            if (direct.TryDefer(session, reader, keys.GetValueOrDefault) is not { } cells)
                return false;
            _promised = PromisedValues.ReadInBackground(cells, reader);
            return kept = true;
        }
        finally
        {
            if (!kept)
                reader.Dispose();
        }
    }
}
