namespace NotebookPersist.Kernel.Documents;

/// <summary>A notebook file does not hold what its format asks for.</summary>
public sealed class NotebookFormatException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    /// <param name="message">What was found and what was expected.</param>
    /// <param name="inner">The cause; null when the file itself is the cause.</param>
    public NotebookFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
