namespace NotebookPersist;

/// <summary>A gradient and the variable that it changes.</summary>
/// <param name="Gradient">Shape: the variable's. Null where the loss does not depend on the variable.</param>
/// <param name="Variable">The variable.</param>
public readonly record struct GradientAndVariable(Output? Gradient, Variable Variable);
