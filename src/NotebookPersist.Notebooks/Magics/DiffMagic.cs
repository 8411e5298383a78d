using System.Globalization;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class DiffMagic() : Magic(
    "#!diff",
    "Compares two checkpoints, graphs or frozen models of any two formats.",
    new("a", "The first, by any of its names.", "a", IsPositional: true, IsRequired: true),
    new("b", "The second, by any of its names.", "b", IsPositional: true, IsRequired: true),
    new("tolerance", "Greatest difference of two elements that still counts as equal; by default 0.", "number"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        double tolerance = 0;
        if (call["tolerance"] is { } text && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out tolerance) && tolerance >= 0))
            throw new MagicException($"{Name}: --tolerance takes a number of at least 0; '{text}' was given.");
        return Task.FromResult<object?>(ModelDiff.Of(call.Required("a"), call.Required("b"), new DiffOptions { Tolerance = tolerance }, cancellation));
    }
}
