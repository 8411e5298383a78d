using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Gradients of transforms between real numbers and half spectra: the opposite transform, with what the missing half would have added.</summary>
internal static class RealFourierGradients
{
    /// <summary>From half spectra to real numbers.</summary>
    /// <remarks>
    /// The sum over the frequencies that are there, each once. The opposite transform counts all but the first and last of a row twice,
    /// so it is halved and these two are made up for by weighting them beforehand.
    /// </remarks>
    public static Output OfForward(GradientContext g, int axes)
    {
        (Graph graph, Output length, Output dy) = (g.Graph, g.X(1), g.Dy(0));
        Output weights = graph.Reciprocal(Weights(graph, dy, length));
        Output spread = graph.Multiply(dy, graph.Cast(weights, dy.DType));
        // The inverse divides by the number of elements, which the gradient does not; the padded rest of the input had no part.
        Output back = graph.AddOperation(axes == 1 ? "IRFFT" : "IRFFT2D", null, LaterTypes(g), spread, length)[0];
        Output dx = back * graph.Cast(graph.ReduceProd(length), back.DType);
        Output shape = graph.Shape(g.X(0));
        Output missing = graph.PartOf(shape, ^axes..) - length;
        Output outer = graph.Fill(graph.Stack([graph.Rank(g.X(0)) - axes]), 0);
        Output after = graph.Concat([outer, missing], 0);
        return graph.Pad(dx, graph.Stack([graph.ZerosLike(after), after], axis: 1));
    }

    /// <summary>From real numbers to half spectra: each frequency but the first and last of a row stood for two.</summary>
    public static Output OfInverse(GradientContext g, int axes)
    {
        (Graph graph, Output length, Output dy) = (g.Graph, g.X(1), g.Dy(0));
        Output spectrum = graph.AddOperation(axes == 1 ? "RFFT" : "RFFT2D", null, LaterTypes(g), dy, length)[0];
        Output size = graph.Cast(graph.ReduceProd(length), DType.Float32);
        Output dx = graph.Multiply(spectrum, graph.Cast(graph.Divide(Weights(graph, spectrum, length), size), spectrum.DType));
        Output missing = graph.Subtract(graph.Shape(g.X(0)), graph.Shape(dx));
        return graph.Pad(dx, graph.Stack([graph.ZerosLike(missing), missing], axis: 1));
    }

    // Nodes of later releases say of which types they are.
    private static AttributeList LaterTypes(GradientContext g)
    {
        var types = new AttributeList();
        foreach (string name in new[] { "Treal", "Tcomplex" })
        {
            if (g.Attributes.Contains(name))
                types.Add(name, g.Attributes.Type(name));
        }

        return types;
    }

    // 1, 2, ..., 2, 1, or without the last 1 where the length is odd.
    private static Output Weights(Graph graph, Output spectrum, Output length)
    {
        Output last = graph.PartOf(length, ^1..);
        Output odd = graph.FloorMod(last, 2);
        Output width = graph.PartOf(graph.Shape(spectrum), ^1..);
        Output middle = graph.Fill(width - 2 + odd, 2f);
        Output end = graph.Fill(graph.Subtract(1, odd), 1f);
        return graph.Concat([new[] { 1f }, middle, end], 0);
    }
}
