namespace NotebookPersist.Notebooks;

/// <summary>A magic cannot do what it was asked for; the message is all that its user needs.</summary>
public sealed class MagicException : InvalidOperationException
{
    /// <summary>Says what is wrong and what to do.</summary>
    public MagicException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
