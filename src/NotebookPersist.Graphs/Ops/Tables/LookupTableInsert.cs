using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class TableInsertingOp(string signature, bool replaces) : UndifferentiatedOp(signature, "it has no output")
{
    public override void Compute(KernelContext c)
    {
        LookupTable table = c.Table();
        if (replaces && !table.IsMutable)
            table.Initialize(c.Input(1), c.Input(2)); // Initialisers of later releases import.
        else
            table.Insert(c.Input(1), c.Input(2), clear: replaces);
    }
}

internal sealed class LookupTableInsertOp() : TableInsertingOp("LookupTableInsert(table_handle: ref(string), keys: Tin, values: Tout) -> () where Tin: type, Tout: type", false);

internal sealed class LookupTableInsertV2Op() : TableInsertingOp("LookupTableInsertV2(table_handle: resource, keys: Tin, values: Tout) -> () where Tin: type, Tout: type; stateful", false);

internal sealed class LookupTableImportOp() : TableInsertingOp("LookupTableImport(table_handle: ref(string), keys: Tin, values: Tout) -> () where Tin: type, Tout: type", true);

internal sealed class LookupTableImportV2Op() : TableInsertingOp("LookupTableImportV2(table_handle: resource, keys: Tin, values: Tout) -> () where Tin: type, Tout: type; stateful", true);

internal sealed class LookupTableRemoveV2Op() : UndifferentiatedOp("LookupTableRemoveV2(table_handle: resource, keys: Tin) -> () where Tin: type; stateful", "it has no output")
{
    public override void Compute(KernelContext c) => c.Table().Remove(c.Input(1));
}
