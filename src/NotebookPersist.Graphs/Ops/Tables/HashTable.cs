using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Makes a table of the session and gives its handle.</summary>
internal abstract class TableOp(string signature) : UndifferentiatedOp(signature, "a table depends on nothing in the graph")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Operation.Outputs[0].DType == DType.Resource ? Shape.Scalar : [2]);
}

/// <summary>A table that an initialiser fills once.</summary>
internal abstract class FixedTableOp(string signature) : TableOp(signature)
{
    public override void Compute(KernelContext c) => c.OutputTable(() => new LookupTable(
        c.Attributes.Type("key_dtype"), c.Attributes.Type("value_dtype"), Shape.Scalar, Shape.Scalar, isMutable: false));
}

/// <summary>A table that insertions fill.</summary>
internal abstract class MutableTableOp(string signature) : TableOp(signature)
{
    public override void Compute(KernelContext c)
    {
        Shape value = c.Attributes.Contains("value_shape") ? c.Attributes.Shape("value_shape") : Shape.Scalar;
        if (!value.IsFullyKnown)
            throw c.InvalidArgument($"Default value must be of a known shape, got shape {value}");
        c.OutputTable(() => new LookupTable(c.Attributes.Type("key_dtype"), c.Attributes.Type("value_dtype"), Shape.Scalar, value, isMutable: true));
    }
}

/// <summary>A table with keys of any shape, of which one or two are kept free.</summary>
internal abstract class DenseTableOp(string signature) : TableOp(signature)
{
    public override void Compute(KernelContext c)
    {
        Shape value = c.Attributes.Shape("value_shape");
        Shape key = c.Input(0).Shape;
        if (!value.IsFullyKnown || key.Rank > 1)
            throw c.InvalidArgument($"Empty key must be a scalar or a vector, got shape {key}; the value shape must be known, got {value}");
        string[] reserved = [.. Enumerable.Range(0, c.InputCount).Select(i => LookupTable.Key(c.Input(i), 0, c.Input(i).Count))];
        if (reserved is [var empty, var deleted] && empty == deleted)
            throw c.InvalidArgument("Empty and deleted keys cannot be equal");
        c.OutputTable(() => new LookupTable(c.Attributes.Type("key_dtype"), c.Attributes.Type("value_dtype"), key, value, isMutable: true) { Reserved = reserved });
    }
}

internal sealed class HashTableOp() : FixedTableOp("HashTable() -> (table_handle: ref(string)) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type; stateful");

internal sealed class HashTableV2Op() : FixedTableOp("HashTableV2() -> (table_handle: resource) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type; stateful");

internal sealed class MutableHashTableOp() : MutableTableOp("MutableHashTable() -> (table_handle: ref(string)) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type; stateful");

internal sealed class MutableHashTableV2Op() : MutableTableOp("MutableHashTableV2() -> (table_handle: resource) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type; stateful");

internal sealed class MutableHashTableOfTensorsOp() : MutableTableOp("MutableHashTableOfTensors() -> (table_handle: ref(string)) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type, value_shape: shape = []; stateful");

internal sealed class MutableHashTableOfTensorsV2Op() : MutableTableOp("MutableHashTableOfTensorsV2() -> (table_handle: resource) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type, value_shape: shape = []; stateful");

internal sealed class MutableDenseHashTableOp() : DenseTableOp("MutableDenseHashTable(empty_key: key_dtype) -> (table_handle: ref(string)) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type, value_shape: shape = [], initial_num_buckets: int = 131072, max_load_factor: float = 0.8; stateful");

internal sealed class MutableDenseHashTableV2Op() : DenseTableOp("MutableDenseHashTableV2(empty_key: key_dtype, deleted_key: key_dtype) -> (table_handle: resource) where container: string = '', shared_name: string = '', use_node_name_sharing: bool = false, key_dtype: type, value_dtype: type, value_shape: shape = [], initial_num_buckets: int = 131072, max_load_factor: float = 0.8; stateful");
