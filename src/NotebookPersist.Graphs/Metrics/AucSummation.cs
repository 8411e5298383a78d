namespace NotebookPersist;

/// <summary>How the area under a curve is taken between two of its points.</summary>
public enum AucSummation
{
    /// <summary>Under the straight line between them.</summary>
    Trapezoidal,

    /// <summary>At the height of the lower one.</summary>
    Minoring,

    /// <summary>At the height of the higher one.</summary>
    Majoring,

    /// <summary>Of a precision-recall curve, with true and false positives between two thresholds on straight lines, and precision between them their quotient; of others as <see cref="Trapezoidal"/>.</summary>
    CarefulInterpolation,
}
