namespace NotebookPersist;

/// <summary>The rates that a curve is drawn of.</summary>
public enum AucCurve
{
    /// <summary>Recall against the rate of false alarms.</summary>
    Roc,

    /// <summary>Precision against recall.</summary>
    PrecisionRecall,
}
