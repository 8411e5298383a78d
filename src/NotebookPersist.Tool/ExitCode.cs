namespace NotebookPersist.Tool;

/// <summary>What the tool answers to whoever started it.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
}
