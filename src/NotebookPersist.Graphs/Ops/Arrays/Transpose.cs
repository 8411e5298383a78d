using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same elements with the dimensions in another order.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape and dtype.</param>
    /// <param name="perm">Which dimension of <paramref name="x"/> each dimension of the result is; by default all in reverse.</param>
    /// <param name="conjugate">Whether complex elements are conjugated as well.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow ops "Transpose" and "ConjugateTranspose", <c>tf.transpose</c>.</remarks>
    public static Output Transpose(this Graph graph, Operand x, Operand perm = default, bool conjugate = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "transpose");
        Output value = graph.ToOutput(x, "a");
        if (perm.IsMissing && value.Shape.HasRank)
        {
            int[] reverse = new int[value.Shape.Rank];
            for (int i = 0; i < reverse.Length; i++)
                reverse[i] = reverse.Length - 1 - i;
            perm = reverse;
        }
        else if (perm.IsMissing)
        {
            Output rank = graph.Add<RankOp>(null, value);
            Output last = graph.AddOperation("Sub", "sub", null, rank, 1)[0];
            perm = graph.AddOperation("Sub", "sub", null, last, graph.Add<RangeOp>(null, 0, rank, 1))[0];
        }

        return conjugate && value.DType.IsComplex()
            ? graph.Add<ConjugateTransposeOp>(scope.Name, value, perm)
            : graph.Add<TransposeOp>(scope.Name, value, perm);
    }
}

internal abstract class PermutingOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        Shape permShape = c.WithRank(1, 1);
        long[]? perm = c.InputInts(1);
        int rank = input.HasRank ? input.Rank : perm?.Length ?? (int)permShape[0];
        if (rank < 0)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (perm is null)
        {
            c.Output(0, Shape.OfRank(rank));
            return;
        }

        if (perm.Length != rank)
            throw c.Fault($"Dimension must be {perm.Length} but is {rank} for '{c.Operation.Name}' with input shapes: {input}, [{perm.Length}].");
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            long axis = perm[i] < 0 ? perm[i] + rank : perm[i];
            if (axis < 0 || axis >= rank)
                throw c.Fault($"perm dim {perm[i]} is out of range of input rank {rank}.");
            sizes[i] = input.HasRank ? input[(int)axis] : -1;
        }

        c.Output(0, sizes);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long[] perm = IntVectors.Read(c.Input(1));
        if (c.Input(1).Rank != 1)
            throw c.InvalidArgument($"perm must be a vector, not {c.Input(1).Shape}");
        if (perm.Length != input.Rank)
            throw c.InvalidArgument($"transpose expects a vector of size {input.Rank}. But input(1) is a vector of size {perm.Length}");
        bool[] seen = new bool[perm.Length];
        long[] sizes = new long[perm.Length];
        bool inOrder = true;
        for (int i = 0; i < perm.Length; i++)
        {
            if (perm[i] < 0)
                perm[i] += perm.Length;
            if (perm[i] < 0 || perm[i] >= perm.Length)
                throw c.InvalidArgument($"{perm[i]} is out of range [0 .. {perm.Length})");
            seen[perm[i]] = true;
            sizes[i] = input.Shape[(int)perm[i]];
            inOrder &= perm[i] == i;
        }

        int missing = Array.IndexOf(seen, false);
        if (missing >= 0)
            throw c.InvalidArgument($"{missing} is missing from {{{string.Join(',', perm)}}}.");
        if (inOrder)
        {
            c.Output(0, input);
            return;
        }

        Tensor output = c.AllocateOutput(0, sizes);
        StridedView source = StridedView.Of(input);
        StridedCopy.Run(source with { Strides = Array.ConvertAll(perm, p => source.Strides[p]) }, StridedView.Of(output), sizes, c.Workers);
    }
}

internal sealed class TransposeOp() : PermutingOp("Transpose(x: T, perm: Tperm) -> (y: T) where T: type, Tperm: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Transpose(g.Dy(0), g.Graph.InvertPermutation(g.X(1))), null]);
}

internal sealed class ConjugateTransposeOp() : PermutingOp("ConjugateTranspose(x: T, perm: Tperm) -> (y: T) where T: type, Tperm: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.Transpose(g.Dy(0), g.Graph.InvertPermutation(g.X(1)), conjugate: true), null]);

    public override void Compute(KernelContext c)
    {
        base.Compute(c);
        if (!c.Operation.Outputs[0].DType.IsComplex())
            return;
        // The order may have left the input's own bytes in place, which must not be changed.
        Tensor input = c.Input(0);
        long[] perm = IntVectors.Read(c.Input(1));
        Tensor output = c.AllocateOutput(0, Array.ConvertAll(perm, p => input.Shape[(int)(p < 0 ? p + perm.Length : p)]));
        StridedView source = StridedView.Of(input);
        StridedView permuted = source with { Strides = Array.ConvertAll(perm, p => source.Strides[p < 0 ? p + perm.Length : p]) };
        StridedCopy.Run(permuted, StridedView.Of(output), output.Shape.Dimensions, c.Workers);
        if (output.DType == DType.Complex64)
        {
            foreach (ref Complex64 z in output.MutableData<Complex64>())
                z = new Complex64(z.Real, -z.Imaginary);
        }
        else
        {
            foreach (ref Complex z in output.MutableData<Complex>())
                z = Complex.Conjugate(z);
        }
    }
}
