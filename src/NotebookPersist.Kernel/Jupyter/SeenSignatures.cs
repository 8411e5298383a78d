using System.Text;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Signatures of the latest messages. A client signs each message anew, so that one seen twice was recorded and sent again by somebody else.</summary>
/// <remarks>Thread safety: one thread at a time.</remarks>
internal sealed class SeenSignatures
{
    private const int Capacity = 1 << 16;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Notes a signature.</summary>
    /// <returns>False where it is known already.</returns>
    public bool Add(ReadOnlySpan<byte> signature)
    {
        string text = Encoding.ASCII.GetString(signature);
        if (!_known.Add(text))
            return false;
        _order.Enqueue(text);
        if (_order.Count > Capacity)
            _known.Remove(_order.Dequeue());
        return true;
    }
}
