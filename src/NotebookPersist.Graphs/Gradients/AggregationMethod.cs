namespace NotebookPersist;

/// <summary>How contributions to one gradient are summed.</summary>
/// <remarks>Source: TensorFlow's <c>tf.AggregationMethod</c>.</remarks>
public enum AggregationMethod
{
    /// <summary>All at once, by AddN, when the last is there.</summary>
    AddN,

    /// <summary>The usual one: AddN.</summary>
    Default = AddN,

    /// <summary>Two at a time, so that the parts can be forgotten earlier.</summary>
    ExperimentalTree,

    /// <summary>By AccumulateNV2, where there are more than two and their shapes are known.</summary>
    ExperimentalAccumulateN,
}
