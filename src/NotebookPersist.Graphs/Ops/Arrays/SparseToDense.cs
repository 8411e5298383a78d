using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A tensor of one value, with others at the places that positions name.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="sparseIndices">A scalar, a vector of positions in a vector, or a matrix with a position a row; int32 or int64.</param>
    /// <param name="outputShape">Sizes as a vector, of the type of <paramref name="sparseIndices"/>.</param>
    /// <param name="sparseValues">One for each position, or one for all.</param>
    /// <param name="defaultValue">What stands elsewhere; by default 0.</param>
    /// <param name="validateIndices">Whether the run checks that positions are in order and not repeated.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SparseToDense".</remarks>
    public static Output SparseToDense(
        this Graph graph, Operand sparseIndices, Operand outputShape, Operand sparseValues, Operand defaultValue = default, bool validateIndices = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<SparseToDenseOp>(
            name, new AttributeList { { "validate_indices", validateIndices } }, sparseIndices, outputShape, sparseValues, defaultValue.IsMissing ? 0 : defaultValue);
    }
}

internal sealed class SparseToDenseOp() : Op(
    "SparseToDense(sparse_indices: Tindices, output_shape: Tindices, sparse_values: T, default_value: T) -> (dense: T) where validate_indices: bool = true, T: type, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output values = g.Graph.GatherNd(g.Dy(0), g.X(0));
        Output all = g.Graph.AddOperation("Sum", null, null, g.Dy(0), g.Graph.Range(0, g.Graph.Rank(g.Dy(0)), 1))[0];
        Output given = g.Graph.AddOperation("Sum", null, null, values, g.Graph.Range(0, g.Graph.Rank(values), 1))[0];
        return [null, null, values, all - given];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(1));

    public override void Compute(KernelContext c)
    {
        Tensor indices = c.Input(0);
        Tensor values = c.Input(2);
        if (indices.Rank > 2)
            throw c.InvalidArgument($"sparse_indices should be a scalar, vector, or matrix, got shape {indices.Shape}");
        if (c.Input(1).Rank != 1)
            throw c.InvalidArgument($"output_shape should be a vector, got shape {c.Input(1).Shape}");
        if (c.Input(3).Rank != 0)
            throw c.InvalidArgument("default_value should be a scalar.");
        Shape shape = IntVectors.Read(c.Input(1));
        long count = indices.Rank == 0 ? 1 : indices.Shape[0];
        long depth = indices.Rank == 2 ? indices.Shape[1] : 1;
        if (shape.Rank != depth)
            throw c.InvalidArgument($"output_shape has incorrect number of elements: {shape.Rank} should be: {depth}");
        if (values.Rank > 1 || (values.Rank == 1 && values.Count != count))
            throw c.InvalidArgument($"sparse_values has incorrect shape {values.Shape}, should be [] or [{count}]");
        int[] starts = RowStarts.Of(indices.Reshaped(new[] { count, depth }), shape, out int bad);
        if (bad >= 0)
            throw c.InvalidArgument($"indices{RowStarts.Describe(indices.Reshaped(new[] { count, depth }), bad)} is out of bounds: need 0 <= index < {shape}");
        for (int i = 1; c.Attributes.Bool("validate_indices") && i < starts.Length; i++)
        {
            if (starts[i] <= starts[i - 1])
                throw c.InvalidArgument($"indices[{i}] is {(starts[i] == starts[i - 1] ? "repeated" : "out of order")}");
        }

        Tensor output = c.AllocateOutput(0, shape);
        Filling.Fill(output, c.Input(3));
        Scattering.TryApply(output, starts, 1, values, ScatterKind.Update);
    }
}
