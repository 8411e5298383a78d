namespace NotebookPersist.Notebooks.Magics;

internal sealed class OptimizeMagic() : Magic(
    "#!optimize",
    "Rewrites a frozen graph for inference: smaller and faster, verified to compute the same.",
    new("model", "The frozen graph.", "model", IsPositional: true, IsRequired: true),
    new("path", "File to write; a note goes beside it.", "path", IsPositional: true, IsRequired: true),
    new("inputs", "Operations that will be fed, separated by commas; by default all placeholders.", "names"),
    new("outputs", "Operations that will be fetched, separated by commas; by default inferred.", "names"),
    new("feed", "Variable that holds a FeedDict to verify with; by default values are made from the placeholders' shapes.", "name"),
    new("tolerance", "Largest relative difference that counts as equal; by default 1e-4.", "number"),
    new("no-verify", "Writes without running the graphs."))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation) => Task.FromResult<object?>(ModelOptimizer.Optimize(
        call.Required("model"), call.Required("path"), call.Names("inputs"), call.Names("outputs"), verification: call.Verification(), cancellation: cancellation));
}
