using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Replaces slices of a variable.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="reference">Handle of the variable.</param>
    /// <param name="indices">Positions along the first dimension, int32 or int64.</param>
    /// <param name="updates">Shape: that of <paramref name="indices"/>, then of a slice; or a scalar for all.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The handle.</returns>
    /// <remarks>Source: TensorFlow op "ScatterUpdate".</remarks>
    public static Output ScatterUpdate(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = true, string? name = null) =>
        Scatter<ScatterUpdateOp>(graph, reference, indices, updates, useLocking, name);

    /// <summary>Adds to slices of a variable; updates of one slice add up.</summary>
    /// <inheritdoc cref="ScatterUpdate"/>
    /// <remarks>Source: TensorFlow op "ScatterAdd".</remarks>
    public static Output ScatterAdd(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Scatter<ScatterAddOp>(graph, reference, indices, updates, useLocking, name);

    /// <summary>Subtracts from slices of a variable.</summary>
    /// <inheritdoc cref="ScatterUpdate"/>
    /// <remarks>Source: TensorFlow op "ScatterSub".</remarks>
    public static Output ScatterSub(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Scatter<ScatterSubOp>(graph, reference, indices, updates, useLocking, name);

    /// <summary>Multiplies slices of a variable.</summary>
    /// <inheritdoc cref="ScatterUpdate"/>
    /// <remarks>Source: TensorFlow op "ScatterMul".</remarks>
    public static Output ScatterMul(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Scatter<ScatterMulOp>(graph, reference, indices, updates, useLocking, name);

    /// <summary>Divides slices of a variable.</summary>
    /// <inheritdoc cref="ScatterUpdate"/>
    /// <remarks>Source: TensorFlow op "ScatterDiv".</remarks>
    public static Output ScatterDiv(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Scatter<ScatterDivOp>(graph, reference, indices, updates, useLocking, name);

    /// <summary>Replaces elements or slices of a variable, by positions along its first dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="reference">Handle of the variable.</param>
    /// <param name="indices">The last dimension lists a position; int32 or int64.</param>
    /// <param name="updates">A slice for each position.</param>
    /// <param name="useLocking">Kept for TensorFlow; updates here are never torn.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The handle.</returns>
    /// <remarks>Source: TensorFlow op "ScatterNdUpdate".</remarks>
    public static Output ScatterNdUpdate(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = true, string? name = null) =>
        Scatter<ScatterNdUpdateOp>(graph, reference, indices, updates, useLocking, name);

    /// <summary>Adds to elements or slices of a variable, by positions along its first dimensions.</summary>
    /// <inheritdoc cref="ScatterNdUpdate"/>
    /// <remarks>Source: TensorFlow op "ScatterNdAdd".</remarks>
    public static Output ScatterNdAdd(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Scatter<ScatterNdAddOp>(graph, reference, indices, updates, useLocking, name);

    /// <summary>Subtracts from elements or slices of a variable, by positions along its first dimensions.</summary>
    /// <inheritdoc cref="ScatterNdUpdate"/>
    /// <remarks>Source: TensorFlow op "ScatterNdSub".</remarks>
    public static Output ScatterNdSub(this Graph graph, Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Scatter<ScatterNdSubOp>(graph, reference, indices, updates, useLocking, name);

    private static Output Scatter<TOp>(Graph graph, Output reference, Operand indices, Operand updates, bool useLocking, string? name)
        where TOp : Op
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<TOp>(name, new AttributeList { { "use_locking", useLocking } }, reference, indices, updates);
    }
}

/// <summary>Scatters into a variable, by positions along its first dimension.</summary>
internal abstract class ScatterOp(string name, string types, string locking, ScatterKind kind) : Op(
    $"{name}(ref: ref(T), indices: Tindices, updates: T) -> (output_ref: ref(T)) where T: {types}, Tindices: int32 | int64, use_locking: bool = {locking}")
{
    protected const string Numbers =
        "float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64";

    protected const string OrderedNumbers = "half | bfloat16 | float | double | int32 | int64";

    public override GradientRule Gradient => GradientRule.NotDifferentiable("updates of variables are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        Shape variable = c.WithRankAtLeast(0, 1);
        Shape updates = c.Input(2);
        if (variable.HasRank && c.Input(1).HasRank && updates.HasRank && updates.Rank > 0)
            c.Merge(updates, Shape.Create([.. c.Input(1).Dimensions, .. variable.Dimensions[1..]]));
        c.Output(0, variable);
    }

    public override void Compute(KernelContext c)
    {
        VariableCell cell = c.Reference(0);
        Scatter(c, cell.ReadForUpdate(), kind);
        cell.FinishUpdate();
        c.OutputReference(0, cell);
    }

    /// <summary>Scatters input 2 into a value at the positions of input 1.</summary>
    internal static void Scatter(KernelContext c, Tensor target, ScatterKind kind)
    {
        (Tensor indices, Tensor updates) = (c.Input(1), c.Input(2));
        if (target.Rank == 0)
            throw c.InvalidArgument($"params must be at least 1-D, got shape {target.Shape}");
        if (updates.Rank > 0 && updates.Shape != Shape.Create([.. indices.Shape.Dimensions, .. target.Shape.Dimensions[1..]]))
            throw c.InvalidArgument($"Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], got updates.shape {updates.Shape}, indices.shape {indices.Shape}, params.shape {target.Shape}");
        long[] positions = IntVectors.Read(indices);
        int row = IntVectors.Product(target.Shape.Dimensions[1..]);
        int[] starts = new int[positions.Length];
        for (int i = 0; i < starts.Length; i++)
        {
            if (positions[i] < 0 || positions[i] >= target.Shape[0])
                throw c.InvalidArgument($"indices{Positions.Describe(indices.Shape, i)} = {positions[i]} is not in [0, {target.Shape[0]})");
            starts[i] = (int)positions[i] * row;
        }

        if (!Scattering.TryApply(target, starts, row, updates, kind))
            throw c.Unsupported(target.DType);
    }
}

internal sealed class ScatterUpdateOp() : ScatterOp("ScatterUpdate", "type", "true", ScatterKind.Update);

internal sealed class ScatterAddOp() : ScatterOp("ScatterAdd", Numbers, "false", ScatterKind.Add);

internal sealed class ScatterSubOp() : ScatterOp("ScatterSub", Numbers, "false", ScatterKind.Subtract);

internal sealed class ScatterMulOp() : ScatterOp("ScatterMul", Numbers, "false", ScatterKind.Multiply);

internal sealed class ScatterDivOp() : ScatterOp("ScatterDiv", Numbers, "false", ScatterKind.Divide);

internal sealed class ScatterMinOp() : ScatterOp("ScatterMin", OrderedNumbers, "false", ScatterKind.Minimum);

internal sealed class ScatterMaxOp() : ScatterOp("ScatterMax", OrderedNumbers, "false", ScatterKind.Maximum);

/// <summary>Scatters into a variable, by positions along its first dimensions.</summary>
internal abstract class ScatterNdReferenceOp(string name, string types, string locking, ScatterKind kind) : Op(
    $"{name}(ref: ref(T), indices: Tindices, updates: T) -> (output_ref: ref(T)) where T: {types}, Tindices: int32 | int64, use_locking: bool = {locking}")
{
    protected const string Numbers =
        "float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64";

    public override GradientRule Gradient => GradientRule.NotDifferentiable("updates of variables are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        ScatterNdRule.Check(c, c.Input(1), c.Input(2), c.Input(0));
        c.Output(0, c.Input(0));
    }

    public override void Compute(KernelContext c)
    {
        VariableCell cell = c.Reference(0);
        ScatterNdRule.Scatter(c, cell.ReadForUpdate(), c.Input(1), c.Input(2), kind);
        cell.FinishUpdate();
        c.OutputReference(0, cell);
    }
}

internal sealed class ScatterNdUpdateOp() : ScatterNdReferenceOp("ScatterNdUpdate", "type", "true", ScatterKind.Update);

internal sealed class ScatterNdAddOp() : ScatterNdReferenceOp("ScatterNdAdd", Numbers, "false", ScatterKind.Add);

internal sealed class ScatterNdSubOp() : ScatterNdReferenceOp("ScatterNdSub", Numbers, "false", ScatterKind.Subtract);

internal sealed class ScatterNdMinOp() : ScatterNdReferenceOp("ScatterNdMin", Numbers, "false", ScatterKind.Minimum);

internal sealed class ScatterNdMaxOp() : ScatterNdReferenceOp("ScatterNdMax", Numbers, "false", ScatterKind.Maximum);
