namespace NotebookPersist;

/// <summary>What a variable scope gives the variables made inside that are told nothing else.</summary>
internal readonly record struct VariableDefaults(
    IInitializer? Initializer = null, bool? UseResource = null, Func<Output, Output?>? Regularizer = null, Partitioner? Partitioner = null)
{
    /// <summary>These, and where they say nothing those of the scope around.</summary>
    public VariableDefaults Within(VariableDefaults outer) => new(
        Initializer ?? outer.Initializer, UseResource ?? outer.UseResource, Regularizer ?? outer.Regularizer, Partitioner ?? outer.Partitioner);
}
