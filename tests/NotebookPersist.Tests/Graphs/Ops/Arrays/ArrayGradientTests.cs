using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Arrays;

public sealed class ArrayGradientTests
{
    private static readonly int[,] Around = { { 1, 0 }, { 1, 2 } };
    private static readonly int[,] Cells = { { 1, 2 }, { 0, 3 }, { 1, 2 } };

    /// <summary>Each builds something of a matrix [2, 4], or of it and a matrix [2, 3].</summary>
    private static readonly Dictionary<string, Func<Graph, Output, Output, Output>> Builders = new(StringComparer.Ordinal)
    {
        ["Reshape"] = static (g, x, _) => g.Reshape(x, new[] { 4, -1 }),
        ["Transpose"] = static (g, x, _) => g.Transpose(x, new[] { 1, 0 }),
        ["ExpandDims"] = static (g, x, _) => g.ExpandDims(x, 1),
        ["Squeeze"] = static (g, x, _) => g.Squeeze(g.ExpandDims(x, 0), [0]),
        ["Stack"] = static (g, x, _) => g.Stack([x, x], axis: 1),
        ["Unstack"] = static (g, x, _) => g.Unstack(x, num: 2)[1],
        ["Concat"] = static (g, x, y) => g.Concat([x, y], -1),
        ["Split"] = static (g, x, _) => g.Split(x, 2, axis: 1)[1],
        ["SplitV"] = static (g, x, _) => g.Split(x, new[] { 1, 3 }, axis: 1)[1],
        ["Slice"] = static (g, x, _) => g.Slice(x, new[] { 0, 1 }, new[] { -1, 2 }),
        ["StridedSlice"] = static (_, x, _) => x[1, SliceIndex.Span(3, 0, -2)],
        ["NewAxis"] = static (_, x, _) => x[SliceIndex.Ellipsis, SliceIndex.NewAxis, 1..],
        ["Pad"] = static (g, x, _) => g.Pad(x, Around),
        ["PadV2"] = static (g, x, _) => g.Pad(x, Around, constantValues: g.Constant(2.0, DType.Float64)),
        ["Reflect"] = static (g, x, _) => g.Pad(x, Around, "REFLECT"),
        ["Symmetric"] = static (g, x, _) => g.Pad(x, Around, "SYMMETRIC"),
        ["Tile"] = static (g, x, _) => g.Tile(x, new[] { 3, 2 }),
        ["BroadcastTo"] = static (g, x, _) => g.BroadcastTo(x[..1], new[] { 2, 3, 4 }),
        ["Reverse"] = static (g, x, _) => g.Reverse(x, new[] { -1 }),
        ["ReverseSequence"] = static (g, x, _) => g.ReverseSequence(x, new[] { 3, 2 }, seqAxis: 1),
        ["Roll"] = static (g, x, _) => g.Roll(x, new[] { 3 }, new[] { 1 }),
        ["Fill"] = static (g, x, _) => g.Fill(new[] { 2, 3 }, x[1, 2]),
        ["GatherNd"] = static (g, x, _) => g.GatherNd(x, Cells),
        ["ScatterNd"] = static (g, x, _) => g.ScatterNd(Cells, x[0, ..3], new[] { 2, 4 }),
        ["TensorScatterUpdate"] = static (g, x, y) => g.TensorScatterUpdate(x, new[,] { { 1, 2 }, { 0, 3 } }, y[0, ..2]),
        ["TensorScatterSub"] = static (g, x, y) => g.TensorScatterSub(x, Cells, y[0]),
        ["DynamicPartition"] = static (g, x, _) => g.DynamicPartition(x, new[,] { { 0, 1, 1, 0 }, { 1, 0, 1, 1 } }, 2)[1],
        ["DynamicStitch"] = static (g, x, y) => g.DynamicStitch([new[] { 0, 2, 3, 6 }, new[] { 5, 1, 4 }], [x[0], y[1]]),
        ["Diag"] = static (g, x, _) => g.Diag(x[0]),
        ["DiagPart"] = static (g, x, _) => g.DiagPart(x[.., ..2]),
        ["IdentityN"] = static (g, x, y) => g.IdentityN([x, y])[1],
        ["CheckNumerics"] = static (g, x, _) => g.CheckNumerics(x, "x"),
        ["EnsureShape"] = static (g, x, _) => g.EnsureShape(x, [2, -1]),
        ["Gather"] = static (g, x, _) => g.Gather(x, new[] { 1, 0, 1 }),
        ["GatherColumns"] = static (g, x, _) => g.Gather(g.EnsureShape(x, [2, 4]), new[,] { { 3, 0 }, { 3, 2 } }, axis: 1),
        ["GatherBatch"] = static (g, x, _) => g.Gather(g.EnsureShape(x, [2, 4]), new[,] { { 3, 0, 3 }, { 1, 2, 2 } }, axis: 1, batchDims: 1),
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (string name in Builders.Keys)
            {
                cases.Add(name, true);
                cases.Add(name, false);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_agree_with_differences(string name, bool knownShapes)
    {
        Tensor x = new[,] { { 0.5, -1.25, 2, 3 }, { -0.75, 1, 4, -2 } };
        Tensor y = new[,] { { 1.5, 2.5, -3 }, { 0.25, -1, 2 } };
        GradientCheck.Run(name, (g, inputs) => Builders[name](g, inputs[0], inputs[1]), [x, y], knownShapes);
    }
}
