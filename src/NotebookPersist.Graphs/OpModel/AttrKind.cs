namespace NotebookPersist.Graphs.OpModel;

/// <summary>What an attribute holds, lists aside.</summary>
public enum AttrKind
{
    /// <summary>Bytes, usually text.</summary>
    String,

    /// <summary>64-bit integer.</summary>
    Int,

    /// <summary>32-bit float.</summary>
    Float,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>Element type.</summary>
    Type,

    /// <summary>Shape, possibly unknown.</summary>
    Shape,

    /// <summary>Constant tensor.</summary>
    Tensor,

    /// <summary>Name of a function in the graph's library, with attributes of its own.</summary>
    Func,
}
