namespace NotebookPersist.Kernel.Scripting;

/// <summary>Collects outputs the way a notebook file stores them: neighbouring text of one stream is joined, updates replace what they update.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
public sealed class CellOutputList : ICellSink
{
    private readonly Lock _gate = new();
    private readonly List<CellOutput> _outputs = [];
    private bool _clearsNext;

    /// <summary>A copy of the outputs so far.</summary>
    public IReadOnlyList<CellOutput> Outputs
    {
        get
        {
            lock (_gate)
                return [.. _outputs];
        }
    }

    /// <summary>All text written to standard output so far.</summary>
    public string StandardOutput => string.Concat(Outputs.OfType<StreamOutput>().Where(s => s.Name == "stdout").Select(s => s.Text));

    /// <inheritdoc/>
    public void Publish(CellOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output is CommOutput)
            return; // There is no page that it could go to.
        lock (_gate)
        {
            if (output is ClearOutput { Waits: true })
            {
                _clearsNext = true;
                return;
            }

            if (_clearsNext || output is ClearOutput)
                _outputs.Clear();
            _clearsNext = false;
            switch (output)
            {
                case ClearOutput:
                    break;
                case StreamOutput stream when _outputs is [.., StreamOutput last] && last.Name == stream.Name:
                    _outputs[^1] = last with { Text = last.Text + stream.Text };
                    break;
                case DisplayOutput { IsUpdate: true, DisplayId: { } id } update:
                    Replace(id, update.Data);
                    break;
                default:
                    _outputs.Add(output);
                    break;
            }
        }
    }

    /// <summary>Replaces what every display with <paramref name="displayId"/> shows.</summary>
    /// <param name="displayId">The display's id.</param>
    /// <param name="data">The new content, by MIME type.</param>
    /// <returns>Whether such a display is in this list.</returns>
    internal bool Replace(string displayId, IReadOnlyDictionary<string, string> data)
    {
        var found = false;
        lock (_gate)
        {
            for (var i = 0; i < _outputs.Count; i++)
            {
                if (_outputs[i] is DisplayOutput shown && shown.DisplayId == displayId)
                {
                    _outputs[i] = shown with { Data = data };
                    found = true;
                }
            }
        }

        return found;
    }
}
