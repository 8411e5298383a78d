namespace NotebookPersist;

/// <summary>What a layer does to its sums, such as <c>tf.Nn.Relu</c>.</summary>
/// <param name="features">The sums.</param>
/// <param name="name">Node name.</param>
public delegate Output LayerActivation(Operand features, string? name = null);
