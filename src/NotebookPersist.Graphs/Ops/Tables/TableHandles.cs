using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>How nodes name the tables of a session: by resource handles, or, in the first version, by references to container and name.</summary>
internal static class TableHandles
{
    /// <summary>The table that input 0 names.</summary>
    /// <exception cref="KernelException">There is none.</exception>
    public static LookupTable Table(this KernelContext c)
    {
        Tensor handle = c.Input(0);
        if (handle.DType == DType.Resource)
            return handle.Count == 1 && handle.Objects[0] is LookupTable table ? table : throw c.InvalidArgument($"Input 0 of node '{c.Operation.Name}' is no handle of a table.");
        (string container, string name) = ReferenceHandles.Read(c, handle);
        return c.FindResource<LookupTable>(container, name) ?? throw new KernelException(RunErrorCode.NotFound, $"Resource {container}/{name} of a lookup table does not exist.");
    }

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
