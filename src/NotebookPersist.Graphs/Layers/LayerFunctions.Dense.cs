namespace NotebookPersist;

public static partial class LayerFunctions
{
    /// <summary>Trained weights between all inputs and all units.</summary>
    /// <param name="inputs">Shape: [..., features].</param>
    /// <param name="units">How many units.</param>
    /// <param name="activation">Applied to the sums; none by default.</param>
    /// <param name="useBias">Whether one number is added for each unit.</param>
    /// <param name="kernelInitializer">By default the scope's, else Glorot's uniform.</param>
    /// <param name="biasInitializer">Zeros by default.</param>
    /// <param name="kernelRegularizer">Gives a loss term of the weights.</param>
    /// <param name="biasRegularizer">Gives a loss term of the biases.</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="name">Name of its variable scope; by default "dense", made unique.</param>
    /// <param name="reuse">Whether variables are made or given again.</param>
    /// <returns>Shape: [..., units].</returns>
    /// <exception cref="ArgumentException">The inputs are a scalar or have no known last dimension.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.layers.dense</c>.</remarks>
    public static Output Dense(
        Output inputs,
        int units,
        LayerActivation? activation = null,
        bool useBias = true,
        IInitializer? kernelInitializer = null,
        IInitializer? biasInitializer = null,
        Func<Output, Output?>? kernelRegularizer = null,
        Func<Output, Output?>? biasRegularizer = null,
        bool trainable = true,
        string? name = null,
        VariableReuse reuse = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        Graph graph = inputs.Graph;
        using VariableScope scope = Enter(graph, name, "dense", reuse);
        if (!inputs.Shape.HasRank || inputs.Shape.Rank < 2)
            throw new ArgumentException($"Input 0 of layer {scope.Name} is incompatible with the layer: expected min_ndim=2, found shape {inputs.Shape.ToPythonString()}.", nameof(inputs));
        long features = Known(inputs, inputs.Shape.Rank - 1, "last dimension");
        Variable kernel = Weight(graph, "kernel", Shape.Create([features, units]), inputs.DType, kernelInitializer, kernelRegularizer, trainable);
        Variable? bias = Bias(graph, units, inputs.DType, useBias, biasInitializer, biasRegularizer, trainable);
        Output sums = inputs.Shape.Rank == 2 ? graph.MatMul(inputs, kernel) : Rows(inputs, features, units, kernel);
        return Finished(sums, bias, activation);
    }

    /// <summary>All but the first dimension made one.</summary>
    /// <param name="inputs">Shape: [batch, ...].</param>
    /// <param name="name">Name of its scope; by default "flatten", made unique.</param>
    /// <returns>Shape: [batch, elements].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.layers.flatten</c>.</remarks>
    public static Output Flatten(Output inputs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Graph graph = inputs.Graph;
        using VariableScope scope = Enter(graph, name, "flatten", VariableReuse.Inherit);
        if (!inputs.Shape.HasRank || inputs.Shape.Rank < 1)
            throw new ArgumentException($"Input 0 of layer {scope.Name} is incompatible with the layer: expected min_ndim=1, found shape {inputs.Shape.ToPythonString()}.", nameof(inputs));
        Output flat = inputs.Shape[0] > 0
            ? graph.Reshape(inputs, new[] { (int)inputs.Shape[0], -1 })
            : graph.Reshape(inputs, Packed(graph, graph.Shape(inputs)[0]));
        long elements = 1;
        foreach (long size in inputs.Shape.Dimensions[1..])
            elements = size < 0 || elements < 0 ? -1 : elements * size;
        flat.SetShape(Shape.Create([inputs.Shape[0], elements]));
        return flat;
    }

    /// <summary>While training, sets elements to 0 at random and scales the others; else passes the inputs on.</summary>
    /// <param name="inputs">Any shape. DType: floats.</param>
    /// <param name="rate">Which part of the elements is dropped; in [0, 1).</param>
    /// <param name="noiseShape">Shape of the random choices; by default that of the inputs.</param>
    /// <param name="seed">Makes the choices the same in every session.</param>
    /// <param name="training">True, false, or a scalar of type bool that a run is fed with.</param>
    /// <param name="name">Name of its scope; by default "dropout", made unique.</param>
    /// <remarks>Source: TensorFlow's <c>tf.layers.dropout</c>; where only a run tells, both ways are computed and one is chosen.</remarks>
    public static Output Dropout(Output inputs, Operand? rate = null, Shape? noiseShape = null, int? seed = null, Operand training = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Graph graph = inputs.Graph;
        using VariableScope scope = Enter(graph, name, "dropout", VariableReuse.Inherit);
        return Known(training) switch
        {
            true => graph.DropoutRate(inputs, rate ?? 0.5, noiseShape, seed),
            false => graph.Identity(inputs),
            null => graph.Where(training, graph.DropoutRate(inputs, rate ?? 0.5, noiseShape, seed), inputs),
        };
    }

    // As TensorFlow's tensordot over the last dimension: its rows in one matrix.
    private static Output Rows(Output inputs, long features, int units, Variable kernel)
    {
        Graph graph = inputs.Graph;
        using (graph.NameScope("Tensordot"))
        {
            Output shape = graph.Shape(inputs);
            Output product = graph.MatMul(graph.Reshape(inputs, new[] { -1, (int)features }), kernel);
            Output whole = graph.Concat([shape[..^1], graph.Constant(new[] { units })], 0);
            Output result = graph.Reshape(product, whole);
            result.SetShape(Shape.Create([.. inputs.Shape.Dimensions[..^1], units]));
            return result;
        }
    }

    private static Output Packed(Graph graph, Output batch)
    {
        using (graph.NameScope(graph.CurrentNameScope + "Reshape/"))
            return graph.Stack([batch, graph.Constant(-1, name: "shape/1")], name: "shape");
    }
}
