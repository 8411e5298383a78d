using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The five masks of a strided slice, one bit an entry.</summary>
internal readonly record struct SliceMasks(int Begin, int End, int Ellipsis, int NewAxis, int ShrinkAxis)
{
    /// <summary>Reads the masks of a node.</summary>
    public static SliceMasks Of(Attributes attributes) => new(
        (int)attributes.Int("begin_mask"),
        (int)attributes.Int("end_mask"),
        (int)attributes.Int("ellipsis_mask"),
        (int)attributes.Int("new_axis_mask"),
        (int)attributes.Int("shrink_axis_mask"));

    /// <summary>The masks as attributes of a node to be made.</summary>
    public AttributeList ToAttributes() => new()
    {
        { "begin_mask", Begin },
        { "end_mask", End },
        { "ellipsis_mask", Ellipsis },
        { "new_axis_mask", NewAxis },
        { "shrink_axis_mask", ShrinkAxis },
    };

    /// <summary>Whether a mask has the bit of an entry.</summary>
    public bool Has(int mask, int entry) => (mask >> entry & 1) != 0;
}
