namespace NotebookPersist;

/// <summary>Which number of connections scales a <see cref="VarianceScalingInitializer"/>.</summary>
public enum FanMode
{
    /// <summary>Inputs of a unit.</summary>
    In,

    /// <summary>Outputs of a unit.</summary>
    Out,

    /// <summary>The mean of both.</summary>
    Average,
}
