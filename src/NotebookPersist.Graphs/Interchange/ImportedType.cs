using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>What all stored nodes of one type have in common.</summary>
internal sealed class ImportedType
{
    private readonly OpDef.Types.AttrDef[] _newDefaults = [];
    private readonly string[] _laterAttrs = [];

    /// <summary>A type that is run here, or is described by a function or the producer; without a signature one that nobody describes.</summary>
    /// <param name="signature">Inputs, outputs and attributes; null where nobody tells.</param>
    /// <param name="definition">How it is run; null where it can only be carried along.</param>
    /// <param name="produced">The producer's own definition of a type that is known here; null for others.</param>
    public ImportedType(OpSignature? signature, Op? definition, OpDef? produced)
    {
        (Signature, Definition, Produced) = (signature, definition, produced);
        if (signature is null || produced is null)
            return;
        _newDefaults = [.. produced.Attr.Where(a => a.DefaultValue is not null && signature.FindAttr(a.Name) is null)];
        _laterAttrs =
        [
            .. produced.InputArg.Concat(produced.OutputArg)
                .Where(a => a.TypeAttr.Length > 0 && signature.FindAttr(a.TypeAttr) is null
                    && !signature.Inputs.Concat(signature.Outputs).Any(i => i.Name == a.Name && (i.LaterTypes.Count > 0 || i.LaterTypeAttr == a.TypeAttr)))
                .Select(static a => a.TypeAttr)
                .Distinct(),
        ];
    }

    public OpSignature? Signature { get; }

    public Op? Definition { get; }

    public OpDef? Produced { get; }

    /// <summary>True where a newer release lets an argument have types that were fixed before, and the node says which; it is carried along but cannot be run.</summary>
    public bool IsLater(Attributes attrs)
    {
        foreach (string attr in _laterAttrs)
        {
            if (attrs.Contains(attr))
                return true;
        }

        return false;
    }

    /// <summary>Takes away what a newer writer filled in of attributes that did not exist before; at their defaults they change nothing.</summary>
    public void RemoveNewDefaults(Attributes attrs)
    {
        foreach (OpDef.Types.AttrDef attr in _newDefaults)
        {
            if (attrs.TryGetShared(attr.Name, out AttrValue? value) && value.Equals(attr.DefaultValue))
                attrs.Remove(attr.Name);
        }
    }

    /// <summary>True where the producer's own definition allows an element type, which a newer release may do.</summary>
    public bool AllowedByProducer(string attr, DataType type) =>
        Produced?.Attr.FirstOrDefault(a => a.Name == attr)?.AllowedValues?.List?.Type.Contains(type) ?? false;
}
