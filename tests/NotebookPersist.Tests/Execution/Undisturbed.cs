using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>Tests of time and memory, which others that run beside them would disturb.</summary>
[CollectionDefinition(nameof(Undisturbed), DisableParallelization = true)]
public sealed class Undisturbed;
