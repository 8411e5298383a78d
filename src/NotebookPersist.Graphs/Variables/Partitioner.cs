namespace NotebookPersist;

/// <summary>Says into how many parts a variable is cut along each dimension; at most one number may be above 1.</summary>
/// <param name="shape">Shape of the whole; fully known.</param>
/// <param name="dtype">Element type.</param>
/// <remarks>Source: the partitioners of TensorFlow 1.15's <c>tf.get_variable</c>.</remarks>
public delegate IReadOnlyList<int> Partitioner(Shape shape, DType dtype);
