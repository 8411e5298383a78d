namespace NotebookPersist.Graphs.OpModel;

/// <summary>How the gradient of an operation is built, or the reason why there is none.</summary>
public sealed class GradientRule
{
    private readonly Func<GradientContext, Output?[]>? _build;

    private GradientRule(Func<GradientContext, Output?[]>? build, string? reason) => (_build, Reason) = (build, reason);

    /// <summary>True where a gradient can be built.</summary>
    public bool IsDifferentiable => _build is not null;

    /// <summary>Why there is no gradient; null where there is one.</summary>
    public string? Reason { get; }

    /// <summary>A rule that gives one gradient an input, null where none flows to it.</summary>
    public static GradientRule Via(Func<GradientContext, Output?[]> build) => new(build, null);

    /// <summary>No gradient flows through: it is zero, or the operation has no notion of one.</summary>
    public static GradientRule NotDifferentiable(string reason) => new(null, reason);

    /// <summary>Builds the gradients towards the inputs.</summary>
    internal Output?[] Build(GradientContext context) => _build!(context);
}
