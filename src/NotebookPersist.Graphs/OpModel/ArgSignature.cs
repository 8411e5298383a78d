using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>One input or output of an operation type.</summary>
/// <param name="Name">Argument name, after which constants given for it are called.</param>
/// <param name="Type">The fixed element type; <see cref="DType.Invalid"/> where an attribute gives it.</param>
/// <param name="TypeAttr">The attribute that gives the element type; null where it is fixed or a list.</param>
/// <param name="NumberAttr">The attribute that says how many tensors of one type there are; null for a single one.</param>
/// <param name="TypeListAttr">The attribute that lists the types of any number of tensors; null for others.</param>
/// <param name="IsReference">True where the value is the handle of a variable.</param>
public sealed record ArgSignature(string Name, DType Type, string? TypeAttr, string? NumberAttr, string? TypeListAttr, bool IsReference)
{
    /// <summary>Element types that only later releases take in the place of a fixed one.</summary>
    public IReadOnlyList<DType> LaterTypes { get; init; } = [];

    /// <summary>The attribute by which later releases give a type that was fixed before; null where there is none.</summary>
    public string? LaterTypeAttr { get; init; }

    /// <summary>True where the argument stands for any number of tensors.</summary>
    public bool IsList => NumberAttr is not null || TypeListAttr is not null;

    /// <summary>The fixed type, or that of a later release's attribute where a node has one.</summary>
    internal DType FixedType(Attributes attrs) =>
        LaterTypeAttr is not null && attrs.TryGetShared(LaterTypeAttr, out AttrValue? later) && later.ValueCase == AttrValue.ValueOneofCase.Type ? (DType)later.Type : Type;
}
