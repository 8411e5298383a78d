namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Sets elements to 0 at random and scales the others so that the expected sum stays.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="keepProb">Probability that an element is kept; a number in (0, 1] or a scalar.</param>
    /// <param name="noiseShape">Shape of the random choices, which broadcast to that of <paramref name="x"/>; by default its own.</param>
    /// <param name="seed">Makes the choices the same in every session.</param>
    /// <param name="name">Name of the scope.</param>
    /// <exception cref="ArgumentException">The probability is out of range.</exception>
    /// <remarks>Source: <c>tf.nn.dropout(x, keep_prob)</c> of TensorFlow 1.15; see <see cref="DropoutRate"/>.</remarks>
    public static Output Dropout(this Graph graph, Operand x, Operand keepProb, Shape? noiseShape = null, int? seed = null, string? name = null)
    {
        if (keepProb.Value is { Rank: 0 } number && keepProb.IsLiteral)
            return graph.DropoutRate(x, 1 - number.ItemAt<double>(0), noiseShape, seed, name);
        return graph.DropoutRate(x, 1 - graph.Convert(keepProb, name: "keep_prob"), noiseShape, seed, name);
    }

    /// <summary>Sets elements to 0 at random and scales the others so that the expected sum stays.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="rate">Probability that an element is dropped; a number in [0, 1) or a scalar.</param>
    /// <param name="noiseShape">Shape of the random choices, which broadcast to that of <paramref name="x"/>; by default its own.</param>
    /// <param name="seed">Makes the choices the same in every session.</param>
    /// <param name="name">Name of the scope.</param>
    /// <returns>Shape and dtype of <paramref name="x"/>; <paramref name="x"/> itself where the rate is the number 0.</returns>
    /// <exception cref="ArgumentException">The rate is out of range, or x holds no floats.</exception>
    /// <remarks>Source: <c>tf.nn.dropout(x, rate)</c> of TensorFlow 1.15: keeps what is at least the rate among uniform numbers.</remarks>
    public static Output DropoutRate(this Graph graph, Operand x, Operand rate, Shape? noiseShape = null, int? seed = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "dropout");
        Output input = graph.AsOutput(x, "x");
        if (!input.DType.IsFloating())
            throw new ArgumentException($"x has to be a floating point tensor since it's going to be scaled. Got a {input.DType.Name()} tensor instead.", nameof(x));
        if (rate.Value is { Rank: 0 } number && rate.IsLiteral)
        {
            double value = number.ItemAt<double>(0);
            if (!(value >= 0 && value < 1))
                throw new ArgumentException($"rate must be a scalar tensor or a float in the range [0, 1), got {value:G6}.", nameof(rate));
            if (value == 0)
                return input;
        }

        Output drop = rate.Output ?? graph.Constant(rate, input.DType, name: "rate");
        Output random = noiseShape is not null
            ? graph.RandomUniform(noiseShape, dtype: input.DType, seed: seed)
            : graph.RandomUniform(graph.Shape(input), dtype: input.DType, seed: seed);
        Output keep = 1 - drop;
        Output scale = 1 / keep;
        Output mask = random >= drop;
        Output result = input * scale * graph.Cast(mask, input.DType);
        result.SetShape(input.Shape);
        return result;
    }
}
