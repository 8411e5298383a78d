using Xunit;

namespace NotebookPersist.Tests.Tutorials;

/// <summary>Tests that build in the default graph of the process run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DefaultGraphCollection
{
    public const string Name = "default graph";
}
