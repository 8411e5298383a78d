using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>One attribute of an operation type.</summary>
/// <param name="Name">Attribute name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsList">True where it holds any number of those.</param>
/// <param name="Default">The value where none is given; null where one must be.</param>
/// <param name="AllowedTypes">Element types it may name; empty where all.</param>
/// <param name="AllowedStrings">Texts it may hold; empty where all.</param>
/// <param name="Minimum">Least value of an integer, or least length of a list; null where none is set.</param>
public sealed record AttrSignature(
    string Name,
    AttrKind Kind,
    bool IsList,
    AttrValue? Default,
    IReadOnlyList<DType> AllowedTypes,
    IReadOnlyList<string> AllowedStrings,
    long? Minimum);
