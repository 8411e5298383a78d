namespace NotebookPersist.Graphs.OpModel;

/// <summary>Small steps that several gradients take.</summary>
internal static class GradientParts
{
    /// <summary>The named attributes, as the operation has them.</summary>
    public static AttributeList Copy(this GradientContext g, params ReadOnlySpan<string> names)
    {
        var list = new AttributeList();
        foreach (string name in names)
        {
            if (g.Attributes.TryGetShared(name, out Protos.AttrValue? value))
                list.Add(name, value.Clone());
        }

        return list;
    }

    /// <summary>Zeros of the shape that an input has in the run.</summary>
    public static Output ZerosOf(this GradientContext g, int input) => g.Graph.Zeros(g.Graph.Shape(g.X(input)), g.X(input).DType);

    /// <summary>The sum over the last axis, kept with size 1.</summary>
    public static Output SumOfLast(this GradientContext g, Output x) =>
        g.Graph.AddOperation("Sum", null, new AttributeList { { "keep_dims", true } }, x, -1)[0];
}
