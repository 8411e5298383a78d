namespace NotebookPersist;

/// <summary>How a graph is frozen to a file.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record FreezeOptions
{
    /// <summary>Operations to keep, without an output number; by default those of the signature, else inferred.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>Names of the variables that become constants; null for all. TensorFlow's <c>variable_names_whitelist</c>.</summary>
    public IReadOnlyCollection<string>? OnlyVariables { get; init; }

    /// <summary>Names of variables that stay variables. TensorFlow's <c>variable_names_blacklist</c>.</summary>
    public IReadOnlyCollection<string> ExceptVariables { get; init; } = [];

    /// <summary>How the result is compared with the original.</summary>
    public VerifyOptions Verification { get; init; } = new();

    /// <summary>Rewrites for inference after freezing; null for none.</summary>
    public OptimizeOptions? Optimization { get; init; }

    /// <summary>Tags of a SavedModel's meta graph; by default "serve", or the only one there is.</summary>
    public IReadOnlyCollection<string>? Tags { get; init; }

    /// <summary>Signature of a SavedModel whose outputs are kept; by default "serving_default", or the only one there is.</summary>
    public string? SignatureName { get; init; }

    /// <summary>Tells the time for the note.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What to do to the graph before it is written; for tests that need a wrong one.</summary>
    internal Action<Protos.GraphDef>? Spoil { get; init; }
}
