namespace NotebookPersist.Kernels;

/// <summary>The activation at the end of a fused operation.</summary>
public enum ChannelActivation
{
    /// <summary>None.</summary>
    None,

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>x between 0 and 6.</summary>
    Relu6,

    /// <summary>exp(x) - 1 below 0.</summary>
    Elu,
}
