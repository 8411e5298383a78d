using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>A sparse tensor as three values give it: positions, elements at them, and the shape.</summary>
/// <param name="Positions">A position a row, row-major.</param>
/// <param name="Values">An element for each position.</param>
/// <param name="Sizes">Sizes of all dimensions.</param>
internal readonly record struct SparseParts(long[] Positions, Tensor Values, long[] Sizes)
{
    public int Rank => Sizes.Length;

    public int Count => Values.Count;

    /// <summary>One position.</summary>
    public ReadOnlySpan<long> this[int index] => Positions.AsSpan(index * Rank, Rank);

    /// <summary>Reads three inputs in a row, and checks that they fit each other.</summary>
    /// <exception cref="KernelException">They do not, or a position is outside the shape.</exception>
    public static SparseParts Read(KernelContext c, int first) => Of(c, c.Input(first), c.Input(first + 1), c.Input(first + 2));

    /// <inheritdoc cref="Read"/>
    public static SparseParts Of(KernelContext c, Tensor indices, Tensor values, Tensor shape)
    {
        if (indices.Rank != 2)
            throw c.InvalidArgument($"Input indices should be a matrix but received shape {indices.Shape}");
        if (values.Rank != 1 || values.Count != indices.Shape[0])
            throw c.InvalidArgument($"Number of elements in indices ({indices.Shape[0]}) and values ({values.Shape}) do not match: values should be a vector with an element for each row of indices");
        if (shape.Rank != 1 || shape.Count != indices.Shape[1])
            throw c.InvalidArgument($"Input shape should be a vector with an entry for each of {indices.Shape[1]} dimensions but received shape {shape.Shape}");
        var parts = new SparseParts(IntVectors.Read(indices), values, IntVectors.Read(shape));
        for (int i = 0; i < parts.Count; i++)
        {
            for (int d = 0; d < parts.Rank; d++)
            {
                if (parts[i][d] < 0 || parts[i][d] >= parts.Sizes[d])
                    throw c.InvalidArgument($"indices[{i}] = [{string.Join(',', parts[i].ToArray())}] is out of bounds: need 0 <= index < [{string.Join(',', parts.Sizes)}]");
            }
        }

        return parts;
    }

    /// <summary>Orders two positions by their row-major places.</summary>
    public static int Compare(ReadOnlySpan<long> left, ReadOnlySpan<long> right) => left.SequenceCompareTo(right);

    /// <summary>The places of the positions in row-major order, the order of equal ones kept.</summary>
    public int[] Order()
    {
        (long[] positions, int rank) = (Positions, Rank);
        int[] order = [.. Enumerable.Range(0, Count)];
        Array.Sort(order, (a, b) =>
        {
            int difference = Compare(positions.AsSpan(a * rank, rank), positions.AsSpan(b * rank, rank));
            return difference != 0 ? difference : a - b;
        });
        return order;
    }

    /// <summary>Some of the entries, in a given order.</summary>
    public SparseParts Take(IReadOnlyList<int> order)
    {
        long[] taken = new long[order.Count * Rank];
        for (int i = 0; i < order.Count; i++)
            this[order[i]].CopyTo(taken.AsSpan(i * Rank));
        return new SparseParts(taken, Rows.Take(Values, 0, [.. order]), Sizes);
    }

    /// <summary>Sets outputs to positions, elements and, where asked, the shape.</summary>
    public void Output(KernelContext c, int indices, int values, int shape = -1)
    {
        Positions.CopyTo(c.AllocateOutput(indices, [Count, Rank]).MutableData<long>());
        c.Output(values, Values);
        if (shape >= 0)
            Sizes.CopyTo(c.AllocateOutput(shape, [Rank]).MutableData<long>());
    }

    /// <summary>The place of each position among the elements of a dense tensor of this shape.</summary>
    public int[] Places()
    {
        long total = 1;
        foreach (long size in Sizes)
            total = checked(total * size);
        if (total > Array.MaxLength)
            throw new KernelException(RunErrorCode.InvalidArgument, $"A dense tensor of shape [{string.Join(',', Sizes)}] is larger than one buffer can be.");
        int[] places = new int[Count];
        for (int i = 0; i < places.Length; i++)
        {
            long place = 0;
            for (int d = 0; d < Rank; d++)
                place = (place * Sizes[d]) + this[i][d];
            places[i] = (int)place;
        }

        return places;
    }

    /// <summary>A copy of elements that may be written to.</summary>
    public Tensor OwnValues() => Values.Clone();
}

/// <summary>An operation whose outputs are the three parts of one sparse tensor.</summary>
internal abstract class SparseOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        Shape indices = c.Input(0);
        c.Output(0, [-1, indices.Rank == 2 ? indices[1] : -1]);
        c.Output(1, [-1]);
        if (c.OutputCount > 2)
            c.Output(2, [indices.Rank == 2 ? indices[1] : -1]);
    }
}
