using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class TableFindingOp(string signature) : UndifferentiatedOp(signature, "a table's entries are not differentiated")
{
    public override void InferShapes(ShapeContext c)
    {
        Operation table = c.Operation.Inputs[0].Operation;
        if (table.Type is "HashTable" or "HashTableV2" or "MutableHashTable" or "MutableHashTableV2")
            c.Output(0, c.Input(1));
        else if (table.Type.StartsWith("MutableHashTableOfTensors", StringComparison.Ordinal))
            c.Output(0, c.Input(1).Concatenate(table.Attributes.Shape("value_shape")));
    }

    public override void Compute(KernelContext c) => c.Output(0, c.Table().Find(c.Input(1), c.Input(2)));
}

internal sealed class LookupTableFindOp() : TableFindingOp("LookupTableFind(table_handle: ref(string), keys: Tin, default_value: Tout) -> (values: Tout) where Tin: type, Tout: type");

internal sealed class LookupTableFindV2Op() : TableFindingOp("LookupTableFindV2(table_handle: resource, keys: Tin, default_value: Tout) -> (values: Tout) where Tin: type, Tout: type; stateful");
