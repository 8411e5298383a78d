using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A sparse matrix times a dense one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="indices">Positions of the sparse matrix.</param>
    /// <param name="values">Elements at them.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="b">The dense matrix.</param>
    /// <param name="adjointA">Whether the sparse matrix is transposed and conjugated.</param>
    /// <param name="adjointB">Whether the dense matrix is.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SparseTensorDenseMatMul".</remarks>
    public static Output SparseTensorDenseMatMul(
        this Graph graph, Operand indices, Operand values, Operand shape, Operand b, bool adjointA = false, bool adjointB = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<SparseTensorDenseMatMulOp>(name, new AttributeList { { "adjoint_a", adjointA }, { "adjoint_b", adjointB } }, indices, values, shape, b);
    }
}

internal sealed class SparseTensorDenseMatMulOp() : Op("SparseTensorDenseMatMul(a_indices: Tindices, a_values: T, a_shape: int64, b: T) -> (product: T) where T: type, Tindices: int32 | int64 = int64, adjoint_a: bool = false, adjoint_b: bool = false")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output dy, Output indices, Output b) = (g.Graph, g.Dy(0), g.X(0), g.X(3));
        if (dy.DType.IsComplex())
            throw new GraphException("SparseTensorDenseMatMul has no gradient for complex numbers.", g.Operation.Name, g.Operation.Type);
        (bool adjointA, bool adjointB) = (g.Attributes.Bool("adjoint_a"), g.Attributes.Bool("adjoint_b"));
        Output toB = graph.SparseTensorDenseMatMul(indices, g.X(1), g.X(2), dy, adjointA: !adjointA);
        if (adjointB)
            toB = graph.Transpose(toB);
        Output rows = indices[.., 0];
        Output columns = indices[.., 1];
        Output left = graph.Gather(dy, adjointA ? columns : rows);
        Output right = graph.Gather(adjointB ? graph.Transpose(b) : b, adjointA ? rows : columns);
        return [null, graph.ReduceSum(left * right, 1), null, toB];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape b = c.WithRank(3, 2);
        Shape a = c.InputAsShape(2);
        long rows = -1;
        if (a.HasRank)
        {
            if (a.Rank != 2)
                throw c.Fault($"Shape must be rank 2 but is rank {a.Rank} for the sparse matrix.");
            bool adjointA = c.Attributes.Bool("adjoint_a");
            rows = a[adjointA ? 1 : 0];
            c.Merge(a[adjointA ? 0 : 1], b[c.Attributes.Bool("adjoint_b") ? 1 : 0]);
        }

        c.Output(0, [rows, b[c.Attributes.Bool("adjoint_b") ? 0 : 1]]);
    }

    public override void Compute(KernelContext c)
    {
        var a = SparseParts.Read(c, 0);
        Tensor b = c.Input(3);
        if (a.Rank != 2 || b.Rank != 2)
            throw c.InvalidArgument($"Tensors 'a' and 'b' must be matrices, not of shapes [{string.Join(',', a.Sizes)}] and {b.Shape}");
        (bool adjointA, bool adjointB) = (c.Attributes.Bool("adjoint_a"), c.Attributes.Bool("adjoint_b"));
        (long rows, long inner) = adjointA ? (a.Sizes[1], a.Sizes[0]) : (a.Sizes[0], a.Sizes[1]);
        if (b.Shape[adjointB ? 1 : 0] != inner)
            throw c.InvalidArgument($"Cannot multiply A and B because inner dimension does not match: {inner} vs. {b.Shape[adjointB ? 1 : 0]}.  Did you forget a transpose?  Dimensions of A: [{string.Join(',', a.Sizes)}].  Dimensions of B: {b.Shape}");
        Tensor product = c.AllocateOutput(0, [rows, b.Shape[adjointB ? 0 : 1]]);
        DType wide = product.DType == DType.BFloat16 ? DType.Float32 : product.DType == DType.Complex64 ? DType.Complex128 : product.DType;
        if (!NumberLoops.IsSupported(wide))
            throw c.Unsupported(product.DType);
        Tensor sum = wide == product.DType ? product : c.Allocate(wide, product.Shape);
        sum.MutableBytes.Clear();
        NumberLoops.Run(wide, new Loop(a, Widened(c, a.Values, wide), Widened(c, b, wide), sum, adjointA, adjointB));
        if (!ReferenceEquals(sum, product))
            Casts.Convert(sum, product, c.Workers);
    }

    private static Tensor Widened(KernelContext c, Tensor tensor, DType wide)
    {
        if (tensor.DType == wide)
            return tensor;
        Tensor widened = c.Allocate(wide, tensor.Shape);
        Casts.Convert(tensor, widened, c.Workers);
        return widened;
    }

    private readonly record struct Loop(SparseParts A, Tensor Values, Tensor B, Tensor Product, bool AdjointA, bool AdjointB) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T>
        {
            ReadOnlySpan<T> values = Values.Data<T>();
            ReadOnlySpan<T> b = B.Data<T>();
            Span<T> product = Product.MutableData<T>();
            int columns = (int)Product.Shape[1];
            int width = (int)B.Shape[1];
            for (int i = 0; i < values.Length; i++)
            {
                int row = (int)A[i][AdjointA ? 1 : 0];
                int inner = (int)A[i][AdjointA ? 0 : 1];
                T value = AdjointA ? Conjugate(values[i]) : values[i];
                Span<T> to = product.Slice(row * columns, columns);
                for (int j = 0; j < columns; j++)
                    to[j] += value * (AdjointB ? Conjugate(b[(j * width) + inner]) : b[(inner * width) + j]);
            }
        }

        private static T Conjugate<T>(T value) => value is Complex z ? (T)(object)Complex.Conjugate(z) : value;
    }
}
