namespace NotebookPersist;

/// <summary>A height, a width or an offset in an image: a number that is known, or one that the run computes. Unit: pixels.</summary>
internal readonly record struct Extent(Graph Graph, long Known, Output? Computed)
{
    public bool IsKnown => Computed is null;

    /// <summary>As an operation takes it.</summary>
    public Operand Operand => Computed is null ? (int)Known : (Operand)Computed;

    /// <summary>As a shape takes it: -1 where it is not known.</summary>
    public long Dimension => IsKnown ? Known : -1;

    public static Extent operator -(Extent x, Extent y) =>
        x.IsKnown && y.IsKnown ? x with { Known = x.Known - y.Known } : new(x.Graph, 0, x.Graph.Subtract(x.Operand, y.Operand, "sub"));

    public static Extent operator +(Extent x, Extent y) =>
        x.IsKnown && y.IsKnown ? x with { Known = x.Known + y.Known } : new(x.Graph, 0, x.Graph.AddV2(x.Operand, y.Operand, "add"));

    public static Extent operator -(Extent x) => x.IsKnown ? x with { Known = -x.Known } : new(x.Graph, 0, x.Graph.Negative(x.Operand));

    /// <summary>The value of an argument.</summary>
    /// <exception cref="ArgumentException">It is no single number.</exception>
    public static Extent Of(Graph graph, Operand value, string argument)
    {
        if (value.Output is { } output)
            return new(graph, 0, output);
        return value.Value is { Count: 1 } number && number.DType.IsInteger()
            ? new(graph, number.ItemAt<long>(0), null)
            : throw new ArgumentException($"{argument} must be one integer, or a scalar of the graph.", argument);
    }

    /// <summary>Batch size, height, width and channels of a batch of images.</summary>
    public static Extent[] Of(Output images)
    {
        Shape shape = images.Shape;
        Graph graph = images.Graph;
        if (shape.IsFullyKnown)
            return [.. shape.Dimensions.ToArray().Select(d => new Extent(graph, d, null))];
        IReadOnlyList<Output> sizes = graph.Unstack(graph.Shape(images), 4);
        return [.. sizes.Select((size, i) => shape.HasRank && shape[i] >= 0 ? new Extent(graph, shape[i], null) : new Extent(graph, 0, size))];
    }

    public static Extent Max(Extent x, Extent y) =>
        x.IsKnown && y.IsKnown ? x with { Known = Math.Max(x.Known, y.Known) } : new(x.Graph, 0, x.Graph.Maximum(x.Operand, y.Operand));

    public static Extent Min(Extent x, Extent y) =>
        x.IsKnown && y.IsKnown ? x with { Known = Math.Min(x.Known, y.Known) } : new(x.Graph, 0, x.Graph.Minimum(x.Operand, y.Operand));

    /// <summary>Half of it, rounded down.</summary>
    public Extent Half() => IsKnown ? this with { Known = Known >> 1 } : new(Graph, 0, Graph.FloorDivide(Operand, 2));

    /// <summary>Checks a relation: now where both sides are known, else by an operation that is added to the checks.</summary>
    /// <exception cref="ArgumentException">Both are known, and it does not hold.</exception>
    public void Require(string relation, Extent other, string message, List<Operation> checks)
    {
        if (!IsKnown || !other.IsKnown)
        {
            Output holds = relation switch
            {
                ">" => Graph.Greater(Operand, other.Operand),
                ">=" => Graph.GreaterEqual(Operand, other.Operand),
                _ => Graph.Equal(Operand, other.Operand),
            };
            checks.Add(Graph.Assert(holds, [message]));
            return;
        }

        bool known = relation switch
        {
            ">" => Known > other.Known,
            ">=" => Known >= other.Known,
            _ => Known == other.Known,
        };
        if (!known)
            throw new ArgumentException($"{message} Found {Known} where {relation} {other.Known} is needed.", nameof(other));
    }

    public void Require(string relation, long other, string message, List<Operation> checks) => Require(relation, new Extent(Graph, other, null), message, checks);
}
