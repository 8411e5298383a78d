namespace NotebookPersist.Persistence;

/// <summary>Makes values for placeholders from what is known of their shapes: seeded, small, the same each time.</summary>
internal static class MadeFeed
{
    private const int Seed = 20151109;

    // What is larger was meant for data, not for a try.
    private const long MostElements = 1 << 24;

    // Of items as large as pictures one will do: what a network makes of each is many times larger.
    private const long MostElementsOfTwo = 1 << 16;

    // What sizes to give to the first dimension and to others where they are unknown, and the rank where that is.
    private static readonly (int First, int Other, int Rank)[] Tries = [(2, 2, 0), (1, 2, 0), (1, 1, 1), (1, 32, 2), (1, 224, 4)];

    /// <summary>Feeds to try one after the other; a graph whose shapes are all known has one.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, Tensor>> For(IReadOnlyList<Output> inputs)
    {
        var shapes = Tries
            .Select(t => inputs.Select(i => Fill(i.Shape, t)).ToArray())
            .Where(s => !inputs.Zip(s).Any(static p => IsLargeTwice(p.First.Shape, p.Second)))
            .Where(static s => s.All(static x => x.ElementCount <= MostElements))
            .DistinctBy(static s => string.Join(';', s.Select(static x => x.ToString())));
        return [.. shapes.Select(s =>
        {
            var random = new Random(Seed);
            return inputs.Zip(s).ToDictionary(static p => p.First.Name, p => Values(p.First.DType, p.Second, random), StringComparer.Ordinal);
        })];
    }

    /// <summary>True for element types that values can be made of.</summary>
    public static bool CanMake(DType type) => type == DType.String || type.HasFixedSize();

    private static bool IsLargeTwice(Shape declared, Shape filled) =>
        declared.HasRank && declared.Rank > 0 && declared[0] < 0 && filled[0] == 2 && filled.ElementCount > MostElementsOfTwo;

    private static Shape Fill(Shape shape, (int First, int Other, int Rank) sizes)
    {
        int rank = shape.HasRank ? shape.Rank : sizes.Rank;
        long[] filled = new long[rank];
        for (int i = 0; i < rank; i++)
            filled[i] = shape.HasRank && shape[i] >= 0 ? shape[i] : i == 0 ? sizes.First : sizes.Other;
        return Shape.Create(filled);
    }

    private static Tensor Values(DType type, Shape shape, Random random)
    {
        int count = (int)shape.ElementCount;
        if (type == DType.String)
            return Tensor.OfStrings(shape, [.. Enumerable.Range(0, count).Select(_ => new[] { (byte)random.Next('a', 'z' + 1) })]);
        if (type == DType.Float32)
            return Tensor.Of<float>(shape, [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)]);
        if (type == DType.Float64)
            return Tensor.Of<double>(shape, [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)]);
        Tensor tensor = Tensor.Zeros(type, shape);
        if (type == DType.Float16)
        {
            foreach (ref Half value in tensor.MutableData<Half>())
                value = (Half)((random.NextSingle() * 2) - 1);
        }
        else if (type.IsInteger())
        {
            // The lowest byte of each: 0 or 1 is an index of almost anything. Switches stay off, as when a model only predicts.
            for (int i = 0; i < count; i++)
                tensor.MutableBytes[i * type.Size()] = (byte)random.Next(2);
        }

        return tensor;
    }
}
