namespace NotebookPersist;

/// <summary>What an object of TensorFlow 2 is.</summary>
public enum ObjectKind
{
    /// <summary>Holds other objects: a model, a layer, a list, an optimizer.</summary>
    Object,

    /// <summary>Holds a value.</summary>
    Variable,

    /// <summary>A function.</summary>
    Function,

    /// <summary>A file of a SavedModel.</summary>
    Asset,

    /// <summary>A value that is kept in the graph.</summary>
    Constant,

    /// <summary>A table or the like.</summary>
    Resource,

    /// <summary>Of a kind that came with a later release.</summary>
    Unknown,
}
