namespace NotebookPersist.Execution.Planning;

/// <summary>What plans know of the sizes of values before a run.</summary>
internal static class KnownSizes
{
    /// <summary>Number of elements of a shape, as a number that no shape overflows; 0 where it is not known.</summary>
    public static double Elements(Shape shape)
    {
        if (!shape.IsFullyKnown)
            return 0;
        double count = 1;
        foreach (long size in shape.Dimensions)
            count *= size;
        return count;
    }
}
