using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>How nodes name the tables of a session: by resource handles, or, in the first version, by references to container and name.</summary>
internal static class TableHandles
{
    /// <summary>The table that input 0 names.</summary>
    /// <exception cref="KernelException">There is none.</exception>
    public static LookupTable Table(this KernelContext c) => ReferenceHandles.Find<LookupTable>(c, 0, "table", "lookup table");

    /// <summary>Gives the handle of the node's table, which is made where there is none.</summary>
    public static void OutputTable(this KernelContext c, Func<LookupTable> create)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        LookupTable table = c.Resource(container, name, create);
        if (table.KeyType != c.Attributes.Type("key_dtype") || table.ValueType != c.Attributes.Type("value_dtype"))
        {
            throw c.InvalidArgument(
                $"Conflicting key/value dtypes {c.Attributes.Type("key_dtype").SignatureName()}->{c.Attributes.Type("value_dtype").SignatureName()} with {table.KeyType.SignatureName()}-{table.ValueType.SignatureName()} for table {name}");
        }

        ReferenceHandles.Output(c, container, name, table);
    }
}
