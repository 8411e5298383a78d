using System.Text;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Strings put together, place by place.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">Of one shape; scalars go with every place.</param>
    /// <param name="separator">What stands between.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StringJoin".</remarks>
    public static Output StringJoin(this Graph graph, ReadOnlySpan<Operand> inputs, string separator = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringJoinOp>(name, new AttributeList { { "separator", separator } }, inputs);
    }
}

internal sealed class StringJoinOp() : Op("StringJoin(inputs: N * string) -> (output: string) where N: int >= 1, separator: string = ''")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = Shape.Scalar;
        for (int i = 0; i < c.InputCount; i++)
        {
            // An unknown shape may be a scalar's or that of all.
            if (c.Input(i).Rank == 0)
                continue;
            shape = shape.Rank == 0 ? c.Input(i) : c.Merge(shape, c.Input(i));
        }

        c.Output(0, shape);
    }

    public override void Compute(KernelContext c)
    {
        byte[] separator = Encoding.UTF8.GetBytes(c.Attributes.String("separator"));
        Shape shape = Shape.Scalar;
        for (int i = 0; i < c.InputCount; i++)
        {
            Shape input = c.Input(i).Shape;
            if (input.Rank == 0)
                continue;
            if (shape.Rank != 0 && shape != input)
                throw c.InvalidArgument($"Input shapes do not match: {shape} vs. {input}");
            shape = input;
        }

        byte[][] joined = new byte[shape.ElementCount][];
        for (int i = 0; i < joined.Length; i++)
        {
            Interruption.Check();
            using var text = new MemoryStream();
            for (int k = 0; k < c.InputCount; k++)
            {
                if (k > 0)
                    text.Write(separator);
                text.Write(c.Input(k).Strings[c.Input(k).Rank == 0 ? 0 : i]);
            }

            joined[i] = text.ToArray();
        }

        c.Output(0, Tensor.OfStrings(shape, joined));
    }
}
