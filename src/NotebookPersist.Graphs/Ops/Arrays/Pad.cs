using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Surrounds a value with elements of one value, or with its own mirror image.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Any shape and dtype.</param>
    /// <param name="paddings">How many elements before and after, for each dimension. Shape: [rank, 2], int32 or int64.</param>
    /// <param name="mode">CONSTANT, REFLECT (the border is not repeated) or SYMMETRIC (it is).</param>
    /// <param name="constantValues">What to surround with in mode CONSTANT; by default 0.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentException">The mode is unknown.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.pad</c>: ops "Pad", "PadV2" for another value than 0, "MirrorPad".</remarks>
    public static Output Pad(this Graph graph, Operand tensor, Operand paddings, string mode = "CONSTANT", Operand constantValues = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(mode);
        bool zero = constantValues.Output is null
            && (constantValues.Value is not { } value || (value.Count == 1 && (value.DType.IsFloating() || value.DType.IsInteger()) && value.ItemAt<double>(0) == 0));
        return mode.ToUpperInvariant() switch
        {
            "CONSTANT" when zero => graph.Add<PadOp>(name, tensor, paddings),
            "CONSTANT" => graph.Add<PadV2Op>(name, tensor, paddings, constantValues),
            "REFLECT" or "SYMMETRIC" => graph.Add<MirrorPadOp>(name, new AttributeList { { "mode", mode.ToUpperInvariant() } }, tensor, paddings),
            _ => throw new ArgumentException($"Unknown padding mode: {mode}. Use CONSTANT, REFLECT or SYMMETRIC.", nameof(mode)),
        };
    }
}

internal abstract class PaddingOp(string signature) : Op(signature)
{
    private static readonly int[] TopLeft = [0, 0];

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        Shape table = c.WithRank(1, 2);
        if (table[1] is >= 0 and not 2)
            throw c.Fault($"Paddings must have shape [n, 2]; they have {table}.");
        long rank = c.Merge(table[0], input.Rank);
        if (rank < 0)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (c.InputInts(1) is not { } paddings)
        {
            c.Output(0, Shape.OfRank((int)rank));
            return;
        }

        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            if (paddings[2 * i] < 0 || paddings[(2 * i) + 1] < 0)
                throw c.Fault("Paddings must be non-negative.");
            sizes[i] = input.HasRank && input[i] >= 0 ? input[i] + paddings[2 * i] + paddings[(2 * i) + 1] : -1;
        }

        c.Output(0, sizes);
    }

    protected static long[] Paddings(KernelContext c)
    {
        Tensor input = c.Input(0);
        Tensor table = c.Input(1);
        if (table.Rank != 2 || table.Shape[1] != 2)
            throw c.InvalidArgument($"paddings must be a matrix with 2 columns: {table.Shape}");
        if (table.Shape[0] != input.Rank)
            throw c.InvalidArgument($"The first dimension of paddings must be the rank of inputs{table.Shape} {input.Shape}");
        long[] paddings = IntVectors.Read(table);
        for (int i = 0; i < paddings.Length; i += 2)
        {
            if (paddings[i] < 0 || paddings[i + 1] < 0)
                throw c.InvalidArgument($"Paddings must be non-negative: {paddings[i]} {paddings[i + 1]}");
        }

        return paddings;
    }

    protected static void PadWith(KernelContext c, Tensor? value)
    {
        Tensor input = c.Input(0);
        long[] paddings = Paddings(c);
        long[] sizes = new long[input.Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = input.Shape[i] + paddings[2 * i] + paddings[(2 * i) + 1];
        if (Array.TrueForAll(paddings, static p => p == 0))
        {
            c.Output(0, input);
            return;
        }

        Tensor output = c.AllocateOutput(0, sizes);
        if (value is not null)
            Filling.Fill(output, value);
        else
            output.Buffer?.Bytes.Clear();
        StridedView inner = StridedView.Of(output);
        int start = 0;
        for (int i = 0; i < sizes.Length; i++)
            start += (int)paddings[2 * i] * inner.Strides[i];
        StridedCopy.Run(StridedView.Of(input), inner.From(start), input.Shape.Dimensions, c.Workers);
    }

    protected static GradientRule CutOut(int inputs) => GradientRule.Via(g =>
    {
        Output column = g.Graph.Stack([g.Graph.Rank(g.X(0)), 1]);
        Output before = g.Graph.Slice(g.X(1), TopLeft, column);
        Output begin = g.Graph.Reshape(before, new[] { -1 });
        Output sizes = g.Graph.Shape(g.X(0), g.X(1).DType);
        Output?[] gradients = new Output?[inputs];
        gradients[0] = g.Graph.Slice(g.Dy(0), begin, sizes);
        return gradients;
    });
}

internal sealed class PadOp() : PaddingOp("Pad(input: T, paddings: Tpaddings) -> (output: T) where T: type, Tpaddings: int32 | int64 = int32")
{
    public override GradientRule Gradient => CutOut(2);

    public override void Compute(KernelContext c) => PadWith(c, null);
}

internal sealed class PadV2Op() : PaddingOp("PadV2(input: T, paddings: Tpaddings, constant_values: T) -> (output: T) where T: type, Tpaddings: int32 | int64 = int32")
{
    public override GradientRule Gradient => CutOut(3);

    public override void Compute(KernelContext c)
    {
        if (c.Input(2).Rank != 0)
            throw c.InvalidArgument($"constant_values must be a scalar. Found: {c.Input(2).Shape}");
        PadWith(c, c.Input(2));
    }
}

internal sealed class MirrorPadOp() : PaddingOp(
    "MirrorPad(input: T, paddings: Tpaddings) -> (output: T) where T: type, Tpaddings: int32 | int64 = int32, mode: 'REFLECT' | 'SYMMETRIC'")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.Add<MirrorPadGradOp>(null, new AttributeList { { "mode", g.Attributes.String("mode") } }, g.Dy(0), g.X(1)), null]);

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long[] paddings = Paddings(c);
        int border = c.Attributes.String("mode") == "REFLECT" ? 1 : 0;
        long[] sizes = new long[input.Rank];
        for (int i = 0; i < sizes.Length; i++)
        {
            long most = input.Shape[i] - border;
            if (paddings[2 * i] > most || paddings[(2 * i) + 1] > most)
                throw c.InvalidArgument($"paddings must be no greater than the dimension size{(border == 1 ? " minus one" : "")}: {paddings[2 * i]}, {paddings[(2 * i) + 1]} greater than {most}");
            sizes[i] = input.Shape[i] + paddings[2 * i] + paddings[(2 * i) + 1];
        }

        Mirroring.Pad(input, c.AllocateOutput(0, sizes), paddings, border);
    }
}

internal sealed class MirrorPadGradOp() : PaddingOp(
    "MirrorPadGrad(input: T, paddings: Tpaddings) -> (output: T) where T: type, Tpaddings: int32 | int64 = int32, mode: 'REFLECT' | 'SYMMETRIC'")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.Add<MirrorPadOp>(null, new AttributeList { { "mode", g.Attributes.String("mode") } }, g.Dy(0), g.X(1)), null]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        if (c.InputInts(1) is not { } paddings || !input.HasRank)
        {
            c.Output(0, input.HasRank ? Shape.OfRank(input.Rank) : Shape.Unknown);
            return;
        }

        long[] sizes = input.ToArray();
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] >= 0)
                sizes[i] -= paddings[2 * i] + paddings[(2 * i) + 1];
            if (sizes[i] < -1)
                throw c.Fault($"Paddings are larger than dimension {i} of shape {input}.");
        }

        c.Output(0, sizes);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        long[] paddings = Paddings(c);
        int border = c.Attributes.String("mode") == "REFLECT" ? 1 : 0;
        long[] sizes = input.Shape.ToArray();
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] -= paddings[2 * i] + paddings[(2 * i) + 1];
            if (sizes[i] < border || Math.Max(paddings[2 * i], paddings[(2 * i) + 1]) > sizes[i] - border)
                throw c.InvalidArgument($"paddings must be no greater than the output dimension size: {paddings[2 * i]}, {paddings[(2 * i) + 1]} greater than {sizes[i]}");
        }

        if (!Mirroring.TryFold(input, c.AllocateOutput(0, sizes), paddings, border))
            throw c.Unsupported(input.DType);
    }
}
