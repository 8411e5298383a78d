namespace NotebookPersist.Tool;

/// <summary>The command line cannot be: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
