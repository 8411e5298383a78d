using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What is read of a feature of examples.</summary>
public abstract record ExampleFeature
{
    private protected ExampleFeature(DType dtype) => DType = dtype;

    /// <summary>Element type: float32, int64 or string.</summary>
    public DType DType { get; }
}

/// <summary>A feature with as many values in every example.</summary>
/// <remarks>Source: TensorFlow's <c>tf.FixedLenFeature</c>.</remarks>
public sealed record FixedLenFeature : ExampleFeature
{
    /// <summary>Describes the feature.</summary>
    /// <param name="shape">Shape of its values in an example, fully known.</param>
    /// <param name="dtype">float32, int64 or string.</param>
    /// <param name="defaultValue">Stands for a feature that an example lacks; null where every example must have it.</param>
    /// <exception cref="ArgumentException">The shape is not fully known.</exception>
    public FixedLenFeature(Shape shape, DType dtype, Tensor? defaultValue = null)
        : base(dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!shape.IsFullyKnown)
            throw new ArgumentException($"All dimensions of shape for a feature must be known: {shape}.", nameof(shape));
        (Shape, DefaultValue) = (shape, defaultValue);
    }

    /// <summary>Shape of the values of an example.</summary>
    public Shape Shape { get; }

    /// <summary>Stands for a feature that an example lacks; null where every example must have it.</summary>
    public Tensor? DefaultValue { get; }
}

/// <summary>A feature with any number of values.</summary>
/// <param name="DType">float32, int64 or string.</param>
/// <remarks>Source: TensorFlow's <c>tf.VarLenFeature</c>.</remarks>
public sealed record VarLenFeature(DType DType) : ExampleFeature(DType);

public static partial class GraphOps
{
    /// <summary>Reads features of a batch of examples.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="serialized">Messages of type <c>Example</c>. Shape: [batch]. DType: string.</param>
    /// <param name="features">What to read, by name.</param>
    /// <param name="exampleNames">Names of the examples for messages. Shape: [batch]. Left out for none.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>The features of fixed length, [batch, shape...], and the others as sparse matrices, [batch, most values], each by name.</returns>
    /// <exception cref="ArgumentException">There is no feature, or a default value does not fit its feature.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.parse_example</c>.</remarks>
    public static (IReadOnlyDictionary<string, Output> Dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> Sparse) ParseExample(
        this Graph graph, Operand serialized, IReadOnlyDictionary<string, ExampleFeature> features, Operand exampleNames = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "ParseExample");
        (List<(string Key, FixedLenFeature Feature)> dense, List<(string Key, VarLenFeature Feature)> sparse) = Parted(features);
        Operand[] Keys(IEnumerable<string> keys) => [.. keys.Select(static k => (Operand)k)];
        Output names = exampleNames.IsMissing ? graph.Constant(Tensor.OfStrings([0], []), name: "names") : graph.Convert(exampleNames, DType.String, "names");
        AttributeList attributes = TypesOf(dense, sparse);
        attributes.Add("Nsparse", (long)sparse.Count);
        attributes.Add("Ndense", (long)dense.Count);
        Operation node = graph.AddOperation(
            "ParseExample",
            null,
            attributes,
            [serialized, names, .. Keys(sparse.Select(static s => s.Key)), .. Keys(dense.Select(static d => d.Key)), .. dense.Select(d => (Operand)DefaultOf(graph, d.Key, d.Feature))]);
        return Gathered(node, dense, sparse);
    }

    /// <summary>Reads features of one example.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="serialized">A message of type <c>Example</c>. Shape: []. DType: string.</param>
    /// <param name="features">What to read, by name.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>The features of fixed length, and the others as sparse vectors, each by name.</returns>
    /// <exception cref="ArgumentException">There is no feature, or a default value does not fit its feature.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.parse_single_example</c>.</remarks>
    public static (IReadOnlyDictionary<string, Output> Dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> Sparse) ParseSingleExample(
        this Graph graph, Operand serialized, IReadOnlyDictionary<string, ExampleFeature> features, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "ParseSingleExample");
        (List<(string Key, FixedLenFeature Feature)> dense, List<(string Key, VarLenFeature Feature)> sparse) = Parted(features);
        AttributeList attributes = TypesOf(dense, sparse);
        attributes.Add("num_sparse", (long)sparse.Count);
        attributes.Add("sparse_keys", sparse.Select(static s => s.Key));
        attributes.Add("dense_keys", dense.Select(static d => d.Key));
        Operation node = graph.AddOperation("ParseSingleExample", null, attributes, [serialized, .. dense.Select(d => (Operand)DefaultOf(graph, d.Key, d.Feature))]);
        return Gathered(node, dense, sparse);
    }

    // In the order of their names, as TensorFlow has them.
    private static (List<(string Key, FixedLenFeature Feature)> Dense, List<(string Key, VarLenFeature Feature)> Sparse) Parted(IReadOnlyDictionary<string, ExampleFeature> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0)
            throw new ArgumentException("Missing: features was empty.", nameof(features));
        var dense = new List<(string, FixedLenFeature)>();
        var sparse = new List<(string, VarLenFeature)>();
        foreach ((string key, ExampleFeature feature) in features.OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            if (feature.DType is not (DType.Float32 or DType.Int64 or DType.String))
                throw new ArgumentException($"Examples hold float32, int64 and string; feature '{key}' asks for {feature.DType.Name()}.", nameof(features));
            if (feature is FixedLenFeature fixedLength)
                dense.Add((key, fixedLength));
            else if (feature is VarLenFeature any)
                sparse.Add((key, any));
        }

        return (dense, sparse);
    }

    private static AttributeList TypesOf(List<(string Key, FixedLenFeature Feature)> dense, List<(string Key, VarLenFeature Feature)> sparse) => new()
    {
        { "sparse_types", sparse.Select(static s => s.Feature.DType) },
        { "Tdense", dense.Select(static d => d.Feature.DType) },
        { "dense_shapes", dense.Select(static d => d.Feature.Shape) },
    };

    private static Output DefaultOf(Graph graph, string key, FixedLenFeature feature)
    {
        if (feature.DefaultValue is not { } value)
            return graph.Constant(Tensor.Zeros(feature.DType, [0]), name: $"Const_{feature.DType.Name()}");
        if (value.DType != feature.DType || value.Count != feature.Shape.ElementCount)
            throw new ArgumentException($"The default value of feature '{key}' is {value.DType.Name()} {value.Shape}, where the feature is {feature.DType.Name()} {feature.Shape}.", nameof(feature));
        return graph.Constant(value.Reshaped(feature.Shape));
    }

    private static (IReadOnlyDictionary<string, Output> Dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> Sparse) Gathered(
        Operation node, List<(string Key, FixedLenFeature Feature)> dense, List<(string Key, VarLenFeature Feature)> sparse)
    {
        int count = sparse.Count;
        return (
            dense.Select((d, i) => (d.Key, Value: node[(3 * count) + i])).ToDictionary(static d => d.Key, static d => d.Value, StringComparer.Ordinal),
            sparse.Select((s, i) => (s.Key, Value: (node[i], node[count + i], node[(2 * count) + i]))).ToDictionary(static s => s.Key, static s => s.Value, StringComparer.Ordinal));
    }
}
