using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal abstract class TableExportingOp(string signature) : UndifferentiatedOp(signature, "a table's entries are not differentiated")
{
    public override void Compute(KernelContext c)
    {
        (Tensor keys, Tensor values) = c.Table().Export();
        c.Output(0, keys);
        c.Output(1, values);
    }
}

internal sealed class LookupTableExportOp() : TableExportingOp("LookupTableExport(table_handle: ref(string)) -> (keys: Tkeys, values: Tvalues) where Tkeys: type, Tvalues: type");

internal sealed class LookupTableExportV2Op() : TableExportingOp("LookupTableExportV2(table_handle: resource) -> (keys: Tkeys, values: Tvalues) where Tkeys: type, Tvalues: type; stateful");

internal abstract class TableSizeOp(string signature) : UndifferentiatedOp(signature, "a size is no continuous value")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<long>()[0] = c.Table().Size;
}

internal sealed class LookupTableSizeOp() : TableSizeOp("LookupTableSize(table_handle: ref(string)) -> (size: int64)");

internal sealed class LookupTableSizeV2Op() : TableSizeOp("LookupTableSizeV2(table_handle: resource) -> (size: int64); stateful");
