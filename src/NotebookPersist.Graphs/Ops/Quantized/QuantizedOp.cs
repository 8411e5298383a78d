using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Computes with stored integers; outputs 1 and 2 tell the range of output 0.</summary>
internal abstract class QuantizedOp(string signature) : UndifferentiatedOp(signature, "stored integers are not differentiated")
{
    protected const string Types = "qint8 | quint8 | qint32 | qint16 | quint16";

    /// <summary>Says that the range is two scalars, beside what is known of output 0.</summary>
    protected static void Infer(ShapeContext c, Shape shape)
    {
        c.Output(0, shape);
        c.Output(c.OutputCount - 2, Shape.Scalar);
        c.Output(c.OutputCount - 1, Shape.Scalar);
    }

    /// <summary>The integers of an input.</summary>
    protected static int[] Ints(Tensor tensor)
    {
        int[] ints = new int[tensor.Count];
        for (int i = 0; i < ints.Length; i++)
            ints[i] = tensor.ItemAt<int>(i);
        return ints;
    }

    /// <summary>For each element of a broadcast result, the position of the part's element that goes into it.</summary>
    protected static int[] Spread(Shape part, Shape whole)
    {
        int[] positions = new int[whole.ElementCount];
        int lead = whole.Rank - part.Rank;
        for (int i = 0; i < positions.Length; i++)
        {
            long rest = i, at = 0, step = 1;
            for (int d = whole.Rank - 1; d >= lead; d--)
            {
                long size = part[d - lead];
                at += size == 1 ? 0 : rest % whole[d] * step;
                step *= size;
                rest /= whole[d];
            }

            positions[i] = (int)at;
        }

        return positions;
    }
}
