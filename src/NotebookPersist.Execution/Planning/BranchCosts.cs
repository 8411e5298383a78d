namespace NotebookPersist.Execution.Planning;

/// <summary>Whether branches are worth running side by side, by about how much arithmetic they are.</summary>
/// <remarks>Unit: floating-point operations. Measured with blocks of Inception over images of 7 by 7 to 28 by 28: all gained, threads inside of operations did not.</remarks>
internal static class BranchCosts
{
    // Waking a thread takes some microseconds, in which a core does about a million.
    private const double LeastTogether = 4e6;

    // What takes about a millisecond or more is shared well among threads by itself.
    private const double MostOfOne = 128e6;

    // With more than this in one branch, the others end long before it.
    private const double LargestShare = 0.75;

    // By Winograd, transforms included.
    private const double SavedByWinograd = 3;

    // Element by element, memory counts instead of arithmetic.
    private const double AnElement = 4;

    /// <summary>Whether several branches together, one thread each, take less time than one after the other with all threads.</summary>
    public static bool Pay(IReadOnlyList<IReadOnlyList<Operation>> branches)
    {
        if (branches.Count < 2 || branches.Any(static b => b.Any(static o => Of(o) > MostOfOne)))
            return false;
        double[] costs = [.. branches.Select(static b => b.Sum(Of))];
        return costs.Sum() >= LeastTogether && costs.Max() <= LargestShare * costs.Sum();
    }

    private static double Of(Operation operation)
    {
        if (operation.Outputs.Count == 0)
            return 0;
        double elements = KnownSizes.Elements(operation[0].Shape);
        return operation.Type switch
        {
            "Conv2D" or "_FusedConv2D" or "_FusedConv2DMaxPool" => 2 * elements * Window(operation.Inputs[1].Shape),
            "MatMul" or "_FusedMatMul" => 2 * elements * Depth(operation),
            _ => AnElement * elements,
        };
    }

    private static double Window(Shape filter)
    {
        if (filter.Rank != 4 || !filter.IsFullyKnown)
            return 0;
        double products = (double)filter[0] * filter[1] * filter[2];
        return filter[0] == 3 && filter[1] == 3 ? products / SavedByWinograd : products;
    }

    private static double Depth(Operation product)
    {
        Shape left = product.Inputs[0].Shape;
        return left.Rank == 2 && left.IsFullyKnown ? left[product.Attributes.Bool("transpose_a") ? 0 : 1] : 0;
    }
}
