namespace NotebookPersist;

/// <summary>What a <see cref="VarianceScalingInitializer"/> draws from.</summary>
public enum ScalingDistribution
{
    /// <summary>Normal within two standard deviations.</summary>
    TruncatedNormal,

    /// <summary>Normal.</summary>
    UntruncatedNormal,

    /// <summary>Uniform.</summary>
    Uniform,
}
