namespace NotebookPersist.Kernels.Randoms;

/// <summary>One step of <see cref="Philox"/>.</summary>
/// <param name="X">First number.</param>
/// <param name="Y">Second number.</param>
/// <param name="Z">Third number.</param>
/// <param name="W">Fourth number.</param>
public readonly record struct PhiloxBlock(uint X, uint Y, uint Z, uint W);
