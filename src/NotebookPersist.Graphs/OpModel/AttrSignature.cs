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
    long? Minimum)
{
    // One bit a type; all of TensorFlow's that an attribute can name have small numbers.
    private readonly ulong _allowed = Mask(AllowedTypes);

    /// <summary>Element types that only later releases allow; they are taken too, yet are no part of the definition that is written.</summary>
    public IReadOnlyList<DType> LaterTypes { get; init; } = [];

    /// <summary>Texts that only later releases allow.</summary>
    public IReadOnlyList<string> LaterStrings { get; init; } = [];

    /// <summary>True where it may name an element type.</summary>
    internal bool Allows(DType type) => AllowedTypes.Count == 0 || ((uint)type < 64 && (_allowed >> (int)type & 1) != 0) || (LaterTypes.Count > 0 && LaterTypes.Contains(type));

    /// <summary>True where it may hold a text.</summary>
    internal bool Allows(string value) => AllowedStrings.Count == 0 || AllowedStrings.Contains(value) || LaterStrings.Contains(value);

    private static ulong Mask(IReadOnlyList<DType> types)
    {
        ulong mask = 0;
        foreach (DType type in types)
            mask |= (uint)type < 64 ? 1UL << (int)type : 0;
        return mask;
    }
}
