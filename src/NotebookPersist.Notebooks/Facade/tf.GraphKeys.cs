namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="NotebookPersist.GraphKeys"/>
    public abstract class GraphKeys : NotebookPersist.GraphKeys;
}
