namespace NotebookPersist.Kernels;

/// <summary>What becomes of an element that an update meets.</summary>
public enum ScatterKind
{
    /// <summary>It is replaced.</summary>
    Update,

    /// <summary>The update is added.</summary>
    Add,

    /// <summary>The update is subtracted.</summary>
    Subtract,

    /// <summary>It is multiplied.</summary>
    Multiply,

    /// <summary>It is divided.</summary>
    Divide,

    /// <summary>The smaller one stays.</summary>
    Minimum,

    /// <summary>The larger one stays.</summary>
    Maximum,
}
