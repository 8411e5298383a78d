using System.Globalization;

namespace NotebookPersist;

/// <summary>Whether a graph that was written computes what the original does.</summary>
public enum VerificationOutcome
{
    /// <summary>Both gave the same on the same feed, within the tolerance.</summary>
    Verified,

    /// <summary>They gave different values.</summary>
    Different,

    /// <summary>They could not be compared.</summary>
    NotVerified,

    /// <summary>Nobody wanted to know.</summary>
    NotWanted,
}

/// <summary>How one output of two graphs compares.</summary>
/// <param name="Name">The output, with its number.</param>
/// <param name="DType">Element type in the original.</param>
/// <param name="Shape">Shape in the original.</param>
/// <param name="Absolute">Largest difference; infinite where only one value is not finite.</param>
/// <param name="Relative">That as a part of the largest finite value.</param>
/// <param name="NaNCount">Elements that are NaN in the original.</param>
/// <param name="DifferingCount">Elements that are not equal, NaN in both counted as equal.</param>
/// <param name="Problem">What else is wrong, such as another shape; null for nothing.</param>
/// <param name="IsReproducible">False where random numbers are in it: then only type and shape are compared.</param>
public sealed record OutputComparison(
    string Name, DType DType, Shape Shape, double Absolute, double Relative, long NaNCount, long DifferingCount, string? Problem, bool IsReproducible)
{
    /// <summary>True within a tolerance.</summary>
    public bool Fits(double tolerance) => Problem is null && (!IsReproducible || DifferingCount == 0 || Relative <= tolerance);
}

/// <summary>A value that both graphs were fed with.</summary>
/// <param name="Name">The input.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Shape.</param>
/// <param name="IsMade">True where it was made from the placeholder's shape, with seeded values.</param>
public sealed record VerificationFeed(string Name, DType DType, Shape Shape, bool IsMade);

/// <summary>What came out when the original and the graph read back from its file ran on the same feed.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="Tolerance">Largest relative difference that counts as equal.</param>
/// <param name="Outputs">Each output.</param>
/// <param name="Feeds">What was fed.</param>
/// <param name="Reason">Why there is no verdict, or what differs; empty for nothing.</param>
/// <param name="RandomOperations">Operations behind the outputs that give other values in each run.</param>
public sealed record GraphVerification(
    VerificationOutcome Outcome,
    double Tolerance,
    IReadOnlyList<OutputComparison> Outputs,
    IReadOnlyList<VerificationFeed> Feeds,
    string Reason,
    IReadOnlyList<string> RandomOperations)
{
    /// <summary>Largest absolute difference of all outputs.</summary>
    public double Absolute => Outputs.Select(static o => o.Absolute).DefaultIfEmpty(0).Max();

    /// <summary>Largest relative difference of all outputs.</summary>
    public double Relative => Outputs.Select(static o => o.Relative).DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    public override string ToString()
    {
        string random = RandomOperations.Count == 0 ? "" : $" Not reproducible, so compared by type and shape only: what comes from {string.Join(", ", RandomOperations)}.";
        return Outcome switch
        {
            VerificationOutcome.Verified when Outputs.All(static o => o.DifferingCount == 0 || !o.IsReproducible) =>
                string.Create(CultureInfo.InvariantCulture, $"Verified: read back and run on the same feed, {Count()} equal to the last bit.{random}"),
            VerificationOutcome.Verified =>
                string.Create(CultureInfo.InvariantCulture, $"Verified: read back and run on the same feed, {Count()} differ by at most {Absolute:G3}, {Relative:G3} of the largest value (tolerance {Tolerance:G3}).{random}"),
            VerificationOutcome.Different => $"Different: {Reason}",
            VerificationOutcome.NotVerified => $"Not verified because {Reason}{random}",
            _ => "Not verified: it was not wanted.",
        };
    }

    private string Count() => Outputs.Count == 1 ? "1 output" : $"{Outputs.Count} outputs";
}
