namespace NotebookPersist.Notebooks;

/// <summary>How a table cell or badge is meant.</summary>
public enum CellTone
{
    /// <summary>As any other text.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Wrong.</summary>
    Bad,

    /// <summary>Less important than the rest.</summary>
    Quiet,
}
