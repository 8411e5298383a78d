using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The products of two batches of matrices.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [..., m, k], or [..., k, m] where adjoint. DType: numbers.</param>
    /// <param name="y">Shape: [..., k, n], or [..., n, k] where adjoint. DType: that of <paramref name="x"/>.</param>
    /// <param name="adjointX">Whether the matrices of <paramref name="x"/> are to be transposed and conjugated.</param>
    /// <param name="adjointY">Whether the matrices of <paramref name="y"/> are to be transposed and conjugated.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [..., m, n]; the batch dimensions are broadcast together.</returns>
    /// <exception cref="GraphException">The inner sizes differ.</exception>
    /// <remarks>Source: TensorFlow op "BatchMatMulV2".</remarks>
    public static Output BatchMatMul(this Graph graph, Operand x, Operand y, bool adjointX = false, bool adjointY = false, string? name = null) =>
        graph.Add<BatchMatMulV2Op>(name, new AttributeList { { "adj_x", adjointX }, { "adj_y", adjointY } }, x, y);
}

internal abstract class BatchProductOp(string signature) : ProductOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        bool ax = g.Attributes.Bool("adj_x");
        bool ay = g.Attributes.Bool("adj_y");
        (Output x, Output y, Output dz) = (g.X(0), g.X(1), g.Dy(0));
        (Output dx, Output dy) = (ax, ay) switch
        {
            (false, false) => (Product(g, dz, y, false, true), Product(g, x, dz, true, false)),
            (false, true) => (Product(g, dz, y, false, false), Product(g, dz, x, true, false)),
            (true, false) => (Product(g, y, dz, false, true), Product(g, x, dz, false, false)),
            _ => (Product(g, y, dz, true, true), Product(g, dz, x, true, true)),
        };
        if (g.Operation.Type == "BatchMatMul" || (x.Shape.IsFullyKnown && x.Shape == y.Shape))
            return [dx, dy];

        Output sx = g.Graph.Shape(x);
        Output sy = g.Graph.Shape(y);
        Operation axes = g.Graph.AddOperation("BroadcastGradientArgs", null, null, AllButMatrix(g, sx), AllButMatrix(g, sy));
        return [Reduced(g, dx, axes[0], sx), Reduced(g, dy, axes[1], sy)];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape x = c.WithRankAtLeast(0, 2);
        Shape y = c.WithRankAtLeast(1, 2);
        if (!x.HasRank || !y.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        bool ax = c.Attributes.Bool("adj_x");
        bool ay = c.Attributes.Bool("adj_y");
        c.Merge(x[ax ? ^2 : ^1], y[ay ? ^1 : ^2]);
        Shape left = Shape.Create(x.Dimensions[..^2]);
        Shape right = Shape.Create(y.Dimensions[..^2]);
        Shape batch = c.Operation.Type == "BatchMatMul" ? c.Merge(left, right) : c.Broadcast(left, right);
        c.Output(0, batch.Concatenate([x[ax ? ^1 : ^2], y[ay ? ^2 : ^1]]));
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor x = c.Input(0);
        Tensor y = c.Input(1);
        Batch batch = Batch.Of(c, x, y);
        Tensor z = c.AllocateOutput(0, batch.Output);
        int threads = c.Workers.Count;
        Workers inner = batch.Count >= threads ? c.Workers with { Count = 1 } : c.Workers;
        Workers outer = batch.Count >= threads ? c.Workers : c.Workers with { Count = 1 };
        // Small products go to a thread in groups.
        int grain = (int)Math.Max(1, (1 << 16) / Math.Max(1, batch.M * batch.N * batch.K));
        outer.For(batch.Count, grain, (start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                (int left, int right) = batch.Sources(i);
                MatrixProduct.Multiply(
                    x.Data<T>().Slice((int)(left * batch.M * batch.K), (int)(batch.M * batch.K)),
                    y.Data<T>().Slice((int)(right * batch.K * batch.N), (int)(batch.K * batch.N)),
                    z.MutableData<T>().Slice((int)(i * batch.M * batch.N), (int)(batch.M * batch.N)),
                    batch.M,
                    batch.N,
                    batch.K,
                    batch.AdjointX,
                    batch.AdjointY,
                    inner);
            }
        });
    }

    protected override void ComputeComplex(KernelContext c, Func<Tensor, Complex[]> read, Action<Tensor, Complex[]> write)
    {
        Batch batch = Batch.Of(c, c.Input(0), c.Input(1));
        Complex[] x = Adjoint(read(c.Input(0)), batch.AdjointX);
        Complex[] y = Adjoint(read(c.Input(1)), batch.AdjointY);
        var z = new Complex[batch.Output.ElementCount];
        for (int i = 0; i < batch.Count; i++)
        {
            (int left, int right) = batch.Sources(i);
            MatrixProduct.MultiplySmall<Complex>(
                x.AsSpan((int)(left * batch.M * batch.K)),
                y.AsSpan((int)(right * batch.K * batch.N)),
                z.AsSpan((int)(i * batch.M * batch.N)),
                (int)batch.M,
                (int)batch.N,
                (int)batch.K,
                batch.AdjointX,
                batch.AdjointY);
        }

        write(c.AllocateOutput(0, batch.Output), z);
    }

    private static Complex[] Adjoint(Complex[] values, bool adjoint) => adjoint ? Array.ConvertAll(values, Complex.Conjugate) : values;

    private static Output Product(GradientContext g, Output x, Output y, bool adjointX, bool adjointY) => g.Graph.BatchMatMul(x, y, adjointX, adjointY, "MatMul");

    private static Output AllButMatrix(GradientContext g, Output shape) => g.Graph.PartOf(shape, ..^2);

    private static Output Reduced(GradientContext g, Output gradient, Output axes, Output shape) =>
        g.Graph.Reshape(g.Graph.AddOperation("Sum", null, null, gradient, axes)[0], shape);

    private sealed record Batch(Shape Output, int Count, long M, long N, long K, bool AdjointX, bool AdjointY, long[] Sizes, int[] LeftSteps, int[] RightSteps)
    {
        public static Batch Of(KernelContext c, Tensor x, Tensor y)
        {
            bool ax = c.Attributes.Bool("adj_x");
            bool ay = c.Attributes.Bool("adj_y");
            if (x.Rank < 2 || y.Rank < 2)
                throw c.InvalidArgument($"In[0] and In[1] ndims must be >= 2: {Math.Min(x.Rank, y.Rank)}");
            long k = x.Shape[ax ? ^2 : ^1];
            if (k != y.Shape[ay ? ^1 : ^2])
                throw c.InvalidArgument($"Matrix size-incompatible: In[0]: {x.Shape}, In[1]: {y.Shape}");
            int rank = Math.Max(x.Rank, y.Rank) - 2;
            long[] sizes = new long[rank];
            int[] left = new int[rank];
            int[] right = new int[rank];
            (int leftStep, int rightStep) = (1, 1);
            for (int i = rank - 1; i >= 0; i--)
            {
                int fromEnd = rank - i + 2;
                long l = fromEnd <= x.Rank ? x.Shape[^fromEnd] : 1;
                long r = fromEnd <= y.Rank ? y.Shape[^fromEnd] : 1;
                if (l != r && ((l != 1 && r != 1) || c.Operation.Type == "BatchMatMul"))
                    throw c.InvalidArgument($"In[0] and In[1] must have compatible batch dimensions: {x.Shape} vs. {y.Shape}");
                sizes[i] = l == 1 ? r : l;
                left[i] = l == 1 ? 0 : leftStep;
                right[i] = r == 1 ? 0 : rightStep;
                leftStep *= (int)l;
                rightStep *= (int)r;
            }

            (long m, long n) = (x.Shape[ax ? ^1 : ^2], y.Shape[ay ? ^2 : ^1]);
            Shape batch = sizes;
            return new Batch(batch.Concatenate([m, n]), (int)batch.ElementCount, m, n, k, ax, ay, sizes, left, right);
        }

        /// <summary>Which matrices of the inputs make one of the output.</summary>
        public (int Left, int Right) Sources(int index)
        {
            (int left, int right) = (0, 0);
            for (int i = Sizes.Length - 1; i >= 0; i--)
            {
                (index, int position) = Math.DivRem(index, (int)Sizes[i]);
                left += position * LeftSteps[i];
                right += position * RightSteps[i];
            }

            return (left, right);
        }
    }
}

internal sealed class BatchMatMulOp() : BatchProductOp(
    "BatchMatMul(x: T, y: T) -> (output: T) "
    + "where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128 + int16, adj_x: bool = false, adj_y: bool = false");

internal sealed class BatchMatMulV3Op() : BatchProductOp(
    "BatchMatMulV3(x: Ta, y: Tb) -> (output: Tout) "
    + "where Ta: bfloat16 | half | float | double | uint8 | int8 | int16 | int32 | int64 | complex64 | complex128, "
    + "Tb: bfloat16 | half | float | double | uint8 | int8 | int16 | int32 | int64 | complex64 | complex128, "
    + "Tout: bfloat16 | half | float | double | int16 | int32 | int64 | complex64 | complex128, adj_x: bool = false, adj_y: bool = false")
{
    protected override void Compute<T>(KernelContext c)
    {
        RequireOneType(c);
        base.Compute<T>(c);
    }

    protected override void ComputeComplex(KernelContext c, Func<Tensor, Complex[]> read, Action<Tensor, Complex[]> write)
    {
        RequireOneType(c);
        base.ComputeComplex(c, read, write);
    }

    private static void RequireOneType(KernelContext c)
    {
        (DType x, DType y, DType output) = (c.Input(0).DType, c.Input(1).DType, c.Operation.Outputs[0].DType);
        if (x != y || x != output)
            throw new KernelException(RunErrorCode.Unimplemented, $"BatchMatMulV3 has no kernel for {x.Name()} times {y.Name()} to {output.Name()}.");
    }
}

internal sealed class BatchMatMulV2Op() : BatchProductOp(
    "BatchMatMulV2(x: T, y: T) -> (output: T) "
    + "where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128 + int16, adj_x: bool = false, adj_y: bool = false");
